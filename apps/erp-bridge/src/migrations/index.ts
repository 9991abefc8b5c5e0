import { CreateErp1764000000000 } from './1764000000000-create-erp.js';

export const migrations = [CreateErp1764000000000];
