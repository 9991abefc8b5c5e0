import type { Database } from '@parley/postgres';
import type { Activity, NewActivity } from '../../domain/activity.js';
import type { Contact } from '../../domain/customer.js';
import { Activities } from '../../ports/activities.port.js';
import type { Persons } from './persons.js';

const ADD = `insert into activities (dedupe_key, kind, at, phone_hash, user_hash, identity, body)
  values ($1, $2, $3, $4, $5, $6, $7::bytea) on conflict (dedupe_key) do nothing returning 1`;

const LATEST = `select kind, at, identity, body as data from (
    select * from activities where phone_hash = $1 union select * from activities where user_hash = $2
  ) mine order by at desc, seq desc limit $3`;

type Row = Omit<Activity, 'body'> & { identity: string; data: Buffer };

/** Activities in Postgres, their texts under the person's key. */
export class BuiltInActivities extends Activities {
  constructor(
    private readonly db: Database,
    private readonly persons: Persons,
  ) {
    super();
  }

  async log({ contact, dedupeKey, kind, at, body }: NewActivity): Promise<boolean> {
    const { phoneHash, userHash } = this.persons.hashes(contact);
    const [sealed] = await this.persons.seal([{ identities: this.persons.identities(contact, dedupeKey), text: body }]);
    const params = [dedupeKey, kind, at, phoneHash, userHash, sealed?.identity, sealed?.data];
    return (await this.db.query(ADD, params)).length > 0;
  }

  async list(contact: Contact, limit: number): Promise<Activity[]> {
    const { phoneHash, userHash } = this.persons.hashes(contact);
    const rows = (await this.db.query<Row>(LATEST, [phoneHash, userHash, limit])).reverse();
    const texts = await this.persons.unseal(rows);
    return rows.map(({ kind, at }, n) => ({ kind, at, body: texts[n] ?? '' }));
  }
}
