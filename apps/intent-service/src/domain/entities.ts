export type { Entity } from './entities/entity.js';
export { extractEntities, type EntityOptions } from './entities/extract-entities.js';
export { Gazetteer } from './entities/products.js';
