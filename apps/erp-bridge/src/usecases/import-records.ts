import { importRefused } from '../domain/errors.js';
import { invalidRows } from '../domain/record-rules.js';
import { repeatedRows, type ErpRecords, type Written } from '../domain/records.js';
import type { Records } from '../ports/records.port.js';

/** Loads one file of data, or says everything that is wrong with it. */
export class ImportRecords {
  constructor(private readonly records: Records) {}

  /** @throws AppError `IMPORT.REFUSED` */
  async run(records: ErpRecords): Promise<Written> {
    const problems = [...invalidRows(records), ...repeatedRows(records)];
    if (problems.length > 0) throw importRefused(problems);
    return this.records.write(records);
  }
}
