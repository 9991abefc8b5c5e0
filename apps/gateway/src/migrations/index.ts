import { CreateSends1763800000000 } from './1763800000000-create-sends.js';
import { ClaimOwners1764000300000 } from './1764000300000-claim-owners.js';
import { StoppedSince1764002000000 } from './1764002000000-stopped-since.js';

/** Every migration of the schema `gateway`, oldest first. */
export const migrations = [CreateSends1763800000000, ClaimOwners1764000300000, StoppedSince1764002000000];
