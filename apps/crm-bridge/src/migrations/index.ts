import { CreateCrm1764000000100 } from './1764000000100-create-crm.js';
import { ActivitiesAndChanges1764000300100 } from './1764000300100-activities-and-changes.js';
import { Erasure1764000200100 } from './1764000200100-erasure.js';

export const migrations = [CreateCrm1764000000100, Erasure1764000200100, ActivitiesAndChanges1764000300100];
