import type { ErasedTable, Erasure } from '../domain/statement.js';
import type { Subject } from '../domain/subject.js';

/** A customer as the CRM knows somebody. */
export interface KnownCustomer {
  readonly id: string;
  readonly phone: string;
  readonly whatsappUserId: string;
  readonly email: string;
}

/** The services that hold something about persons. */
export abstract class Holders {
  /** The CRM's customers of each subject, in order. */
  abstract customers(subjects: readonly Subject[]): Promise<KnownCustomer[][]>;

  /** Has every service remove what it holds; per erasure, in order, what each did. @throws AppError when one does not answer */
  abstract erase(erasures: readonly Erasure[]): Promise<Map<string, readonly ErasedTable[]>[]>;
}
