export * from './gen/parley/conversation/v1/conversation.js';
export * from './gen/parley/conversation/v1/conversation_service.js';
