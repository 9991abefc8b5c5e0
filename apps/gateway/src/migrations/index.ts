import { CreateSends1763800000000 } from './1763800000000-create-sends.js';

/** Every migration of the schema `gateway`, oldest first. */
export const migrations = [CreateSends1763800000000];
