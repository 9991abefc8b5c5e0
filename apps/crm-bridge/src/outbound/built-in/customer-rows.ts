import { marketingOf } from '../../domain/consent.js';
import type { Customer, CustomerData } from '../../domain/customer.js';
import type { Persons } from './persons.js';

/** Columns of a customer as `fromRows` takes them; the table is `c`. Flags are found by the same keys as the customer. */
export const CUSTOMER_COLUMNS = `c.id, c.identity, c.record as data, c.language, c.time_zone as "timeZone", c.tier, c.tags,
  c.lifetime_amount as "lifetimeAmount", c.lifetime_currency as "lifetimeCurrency",
  (select jsonb_agg(jsonb_build_object('purpose', f.purpose, 'granted', f.granted, 'at', f.at))
   from customer_keys k join consent_flags f on f.hash = k.hash where k.customer_id = c.id) as flags`;

export interface CustomerRow {
  id: string;
  identity: string;
  data: Buffer;
  language: string;
  timeZone: string;
  tier: string;
  tags: string[];
  lifetimeAmount: string | null;
  lifetimeCurrency: string | null;
  flags: { purpose: string; granted: boolean; at: string }[] | null;
}

/** What lies under the person's key. */
interface Sealed {
  name: string;
  phone: string;
  whatsappUserId: string;
  email: string;
  notes: { at: string; text: string }[];
}

/** The customers of rows; those who have been erased are left out. */
export async function fromRows(persons: Persons, rows: readonly CustomerRow[]): Promise<Map<string, Customer>> {
  const texts = await persons.unseal(rows);
  const customers = rows.flatMap((row, n) => {
    const text = texts[n];
    return text === undefined ? [] : [customerOf(row, JSON.parse(text) as Sealed)];
  });
  return new Map(customers.map((customer) => [customer.id, customer]));
}

function customerOf(row: CustomerRow, sealed: Sealed): Customer {
  const { id, language, timeZone, tier, tags, lifetimeAmount, lifetimeCurrency } = row;
  const notes = sealed.notes.map(({ at, text }) => ({ at: new Date(at), text }));
  const said = (row.flags ?? []).map(({ purpose, granted, at }) => ({ purpose, granted, at: new Date(at) }));
  const customer: Customer = { ...sealed, id, language, timeZone, tier, tags, notes };
  if (lifetimeAmount !== null) customer.lifetimeValue = { amount: lifetimeAmount, currency: lifetimeCurrency ?? '' };
  const marketing = marketingOf(said);
  return marketing === undefined ? customer : { ...customer, whatsappMarketing: marketing };
}

const ROW_TYPE = `id text, identity text, record bytea, language text, time_zone text, tier text, tags text[],
  lifetime_amount numeric, lifetime_currency text, fingerprint text, hashes text[]`;

const COLUMNS = 'id, identity, record, language, time_zone, tier, tags, lifetime_amount, lifetime_currency';

const REPLACED = COLUMNS.split(', ')
  .slice(1)
  .map((name) => `${name} = excluded.${name}`)
  .join(', ');

// The keys are replaced with the row: those of before that are not among the new ones go, the others come or stay.
const KEYS = `gone as (
    delete from customer_keys k using written w, incoming i
    where k.customer_id = w.id and i.id = w.id and not k.hash = any(i.hashes) returning 1
  ), keyed as (
    insert into customer_keys (hash, customer_id)
    select distinct unnest(i.hashes), i.id from incoming i join written w on w.id = i.id on conflict do nothing returning 1
  ) select id from written`;

/** Writes rows that say something else than at the last load, and returns the ids of those. */
export const LOAD_CUSTOMERS = `with incoming as (select * from jsonb_to_recordset($1::jsonb) as r(${ROW_TYPE})),
  written as (
    insert into customers as c (${COLUMNS}, fingerprint) select ${COLUMNS}, fingerprint from incoming order by id
    on conflict (id) do update set ${REPLACED}, fingerprint = excluded.fingerprint
      where c.fingerprint is distinct from excluded.fingerprint
    returning id
  ), ${KEYS}`;

/** Writes rows whatever they were, and leaves the fingerprint of the last load: loading the same again undoes nothing. */
export const PUT_CUSTOMERS = `with incoming as (select * from jsonb_to_recordset($1::jsonb) as r(${ROW_TYPE})),
  written as (
    insert into customers as c (${COLUMNS}) select ${COLUMNS} from incoming order by id
    on conflict (id) do update set ${REPLACED} returning id
  ), ${KEYS}`;

/** Rows for the statements above, as JSON. */
export async function toRows(persons: Persons, customers: readonly CustomerData[]): Promise<string> {
  const sealed = await persons.seal(
    customers.map((customer) => ({
      identities: persons.identities(customer, customer.id),
      text: sealedText(customer),
    })),
  );
  const rows = customers.map((customer, n) => {
    const { phoneHash, userHash } = persons.hashes(customer);
    return {
      id: customer.id,
      identity: sealed[n]?.identity,
      record: sealed[n]?.data,
      language: customer.language,
      time_zone: customer.timeZone,
      tier: customer.tier,
      tags: customer.tags,
      lifetime_amount: customer.lifetimeValue?.amount ?? null,
      lifetime_currency: customer.lifetimeValue?.currency ?? null,
      fingerprint: persons.fingerprint(customer),
      hashes: [phoneHash, userHash, persons.emailHash(customer.email)].filter((hash) => hash !== null),
    };
  });
  return JSON.stringify(rows);
}

function sealedText({ name, phone, whatsappUserId, email, notes }: CustomerData): string {
  return JSON.stringify({ name, phone, whatsappUserId, email, notes });
}
