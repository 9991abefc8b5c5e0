export * from './gen/parley/consent/v1/consent_service.js';
