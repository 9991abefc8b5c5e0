export * from './gen/parley/common/v1/erasure.js';
export * from './gen/parley/common/v1/money.js';
export * from './gen/parley/common/v1/whatsapp_identity.js';
