export * from './gen/parley/erp/v1/erp.js';
export * from './gen/parley/erp/v1/erp_service.js';
