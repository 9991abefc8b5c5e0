/** Generated messages, services and clients, one namespace per proto package. Regenerate with `npm run proto`. */
export * as audit from './audit.js';
export * as channel from './channel.js';
export * as common from './common.js';
export * as consent from './consent.js';
export * as conversation from './conversation.js';
export * as crm from './crm.js';
export * as erp from './erp.js';
export * as events from './events.js';
export * as intent from './intent.js';
export { descriptorSet } from './descriptors.js';
