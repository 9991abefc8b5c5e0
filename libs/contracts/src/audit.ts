export * from './gen/parley/audit/v1/audit_service.js';
