export * from './gen/parley/events/v1/whatsapp_inbound.js';
export * from './gen/parley/events/v1/whatsapp_status.js';
export * from './gen/parley/events/v1/whatsapp_outbound.js';
export * from './gen/parley/events/v1/conversation_events.js';
export * from './gen/parley/events/v1/consent_events.js';
export * from './gen/parley/events/v1/business_events.js';
export * from './gen/parley/events/v1/audit_events.js';
export * from './events-within.js';
