import { CreateCrm1764000000100 } from './1764000000100-create-crm.js';
import { Erasure1764000200100 } from './1764000200100-erasure.js';
import { ActivitiesAndChanges1764000300100 } from './1764000300100-activities-and-changes.js';
import { WorkOfUser1764000400100 } from './1764000400100-work-of-user.js';

export const migrations = [
  CreateCrm1764000000100,
  Erasure1764000200100,
  ActivitiesAndChanges1764000300100,
  WorkOfUser1764000400100,
];
