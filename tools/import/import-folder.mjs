// Loads a folder of files, one after the other; each is written whole or not at all, whatever becomes of the others.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { erp } from '@parley/contracts';
import { problemLines, readRows, UnusableFile } from './read-file.mjs';
import * as schemas from './rows.mjs';
import * as wire from './wire.mjs';

const DEADLINE = { deadlineMs: 120_000 };
const LOOKUPS = 1000;

/**
 * In this order, so that what a file refers to is there when its turn comes.
 * @typedef {{ name: string, schema: any, refersToCustomers?: boolean, send(services: any, rows: any[]): Promise<any> }} ImportFile
 * @type {ImportFile[]}
 */
const FILES = [
  {
    name: 'customers.json',
    schema: schemas.customer,
    send: ({ crm }, rows) => crm.importCustomers({ customers: rows.map(wire.toCustomer) }, DEADLINE),
  },
  erpFile('products.json', schemas.product, 'products', wire.toProduct),
  { ...erpFile('orders.json', schemas.order, 'orders', wire.toOrder), refersToCustomers: true },
  { ...erpFile('invoices.json', schemas.invoice, 'invoices', wire.toInvoice), refersToCustomers: true },
  erpFile('technicians.json', schemas.technician, 'technicians', wire.toTechnician),
  erpFile('work_orders.json', schemas.workOrder, 'workOrders', wire.toWorkOrder),
];

function erpFile(name, schema, field, toWire) {
  const send = (services, rows) =>
    services.erp.importRecords(erp.ImportRecordsRequest.fromPartial({ [field]: rows.map(toWire) }), DEADLINE);
  return { name, schema, send };
}

/**
 * @param {string} dir
 * @param {{ crm: any, erp: any }} services clients of both services
 * @param {{ out(line: string): void, err(line: string): void }} print
 * @returns {Promise<boolean>} whether every file that is there was loaded
 */
export async function importFolder(dir, services, print) {
  const names = await namesIn(dir);
  const known = new Set(FILES.map(({ name }) => name));
  if (!names.some((name) => known.has(name))) {
    throw new UnusableFile(`There is nothing to import in ${dir}: none of ${[...known].join(', ')}.`);
  }
  for (const name of names) {
    if (name.endsWith('.json') && !known.has(name)) print.err(`${name}: is none of the import's files, left alone`);
  }
  let good = true;
  for (const file of FILES) good = (await importFile(join(dir, file.name), file, services, print)) && good;
  return good;
}

async function namesIn(dir) {
  return readdir(dir).catch((error) => {
    if (error.code === 'ENOENT') throw new UnusableFile(`There is no folder ${dir}.`);
    if (error.code === 'ENOTDIR') throw new UnusableFile(`${dir} is not a folder.`);
    throw new UnusableFile(`${dir} cannot be read (${error.code}).`);
  });
}

async function importFile(path, file, services, print) {
  try {
    const read = await readRows(path, file.schema);
    if (!read) return true;
    let { problems } = read;
    if (problems.length === 0 && file.refersToCustomers) problems = await unknownCustomers(read.rows, services.crm);
    if (problems.length === 0) problems = await send(file, services, read.rows, print);
    if (problems.length === 0) return true;
    for (const line of problemLines(file.name, problems)) print.err(line);
    print.err(`${file.name}: nothing written; correct the rows above and import again`);
  } catch (error) {
    if (!(error instanceof UnusableFile)) throw error;
    print.err(`${file.name}: ${error.message}; nothing written`);
  }
  return false;
}

/** @returns {Promise<import('./read-file.mjs').Problem[]>} what the service refuses; the rows are written when that is nothing */
async function send(file, services, rows, print) {
  try {
    const { written, unchanged } = await file.send(services, rows);
    print.out(`${file.name}: ${written} written, ${unchanged} unchanged`);
    return [];
  } catch (error) {
    if (error.reason === 'IMPORT.REFUSED') return JSON.parse(error.details.problems);
    if (error.code === 'RESOURCE_EXHAUSTED') throw new UnusableFile('is too large for one load; split it');
    throw error;
  }
}

/** Customers are the CRM's; the ERP takes their ids on trust, so they are asked for here. */
async function unknownCustomers(rows, crm) {
  const ids = [...new Set(rows.map((row) => row.customer_id))];
  const known = new Set();
  for (let from = 0; from < ids.length; from += LOOKUPS) {
    const part = ids.slice(from, from + LOOKUPS);
    const lookups = part.map((id) => ({ id, whatsappUserId: '', phone: '', email: '' }));
    const { results } = await crm.findCustomers({ lookups }, DEADLINE);
    results.forEach(({ customers }, n) => customers.length > 0 && known.add(part[n]));
  }
  return rows.flatMap((row, index) => {
    if (known.has(row.customer_id)) return [];
    return [{ row: index + 1, field: 'customer_id', message: 'no such customer' }];
  });
}
