// The database transcripts are played on: one for a run, emptied before each scene.
import { busSchema } from '@parley/event-bus';
import { Database } from '@parley/postgres';
import { testDatabase } from '@parley/testing';

/** Rules that forbid to delete (the ledger's) are for services, not for whoever sets the stage: it is the superuser's. */
const EMPTY = `do $$
  declare statements text;
  begin
    perform set_config('session_replication_role', 'replica', true);
    select string_agg(format('delete from %I.%I;', schemaname, tablename), ' ') into statements from pg_tables
      where schemaname in ('conversation', 'crm', 'erp', 'consent', 'vault') and tablename <> 'migrations';
    execute statements;
  end $$`;

export async function openDatabase(services) {
  const test = await testDatabase([busSchema, ...services]);
  const admin = new Database({ url: test.adminUrl, schema: 'public', applicationName: 'transcripts', poolSize: 1 });
  let databases = {};
  return {
    /**
     * Empties everything and gives each schema's database anew: with the last scene's go its pools, its listeners and what its
     * services remembered of people that no longer exist.
     */
    async fresh() {
      await Promise.all(Object.values(databases).map((database) => database.close()));
      await admin.query(EMPTY);
      databases = Object.fromEntries(services.map(({ schema }) => [schema, test.database(schema)]));
      return databases;
    },
    close: async () => {
      await admin.close();
      await test.close();
    },
  };
}
