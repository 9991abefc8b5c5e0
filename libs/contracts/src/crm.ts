export * from './gen/parley/crm/v1/crm.js';
export * from './gen/parley/crm/v1/crm_service.js';
