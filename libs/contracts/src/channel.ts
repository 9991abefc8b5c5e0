export * from './gen/parley/channel/v1/channel_service.js';
