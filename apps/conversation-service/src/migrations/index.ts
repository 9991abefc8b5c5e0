import { CreateConversations1763800000000 } from './1763800000000-create-conversations.js';

/** All migrations of the schema `conversation`, oldest first. */
export const migrations = [CreateConversations1763800000000];
