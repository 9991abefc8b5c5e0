import { CreateCrm1764000000100 } from './1764000000100-create-crm.js';

export const migrations = [CreateCrm1764000000100];
