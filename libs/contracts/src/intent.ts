export * from './gen/parley/intent/v1/intent_service.js';
