import type { CustomerData } from '../domain/customer.js';
import { invalidRows } from '../domain/customer-rules.js';
import { importRefused } from '../domain/errors.js';
import type { Customers, Written } from '../ports/customers.port.js';

/** Loads one file of customers, or says everything that is wrong with it. */
export class LoadCustomers {
  constructor(private readonly customers: Customers) {}

  /** @throws AppError `IMPORT.REFUSED` */
  async run(customers: readonly CustomerData[]): Promise<Written> {
    const problems = invalidRows(customers);
    if (problems.length > 0) throw importRefused(problems);
    return this.customers.load(customers);
  }
}
