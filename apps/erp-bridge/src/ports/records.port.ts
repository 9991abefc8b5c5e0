import type { ErpRecords, Written } from '../domain/records.js';

/** Loads data; all of it or nothing. */
export abstract class Records {
  /**
   * Writes rows by their number, SKU or id. A row that says what the last load said is left alone, whatever has happened to
   * it since: loading the same file again undoes nothing. A status that changes on a row already there is a business event.
   * @throws AppError `IMPORT.REFUSED` naming rows and fields; nothing was written
   */
  abstract write(records: ErpRecords): Promise<Written>;
}
