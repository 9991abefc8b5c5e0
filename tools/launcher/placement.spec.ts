import { comesForKeys, needsShared, owners, placesOf, separateDatabases } from './placement.mjs';
import { databaseVariable } from './services.mjs';

const SHARED = 'postgres://admin@db/parley';
const CONSENT = { CONSENT_DATABASE_URL: 'postgres://admin@db/consent' };
const each = (url: (schema: string) => string): NodeJS.ProcessEnv =>
  Object.fromEntries(
    owners.map((service) => [databaseVariable({ schema: service.schema ?? '' }), url(service.schema ?? '')]),
  );
const apart = each((schema) => `postgres://${schema}@db/${schema}`);

interface Place {
  logins: { url: string }[];
  residents: { schema: string }[];
  vault: boolean;
  guests: string[];
}

/** What is in each database, the keys first. */
function layout(env: NodeJS.ProcessEnv, sharedUrl?: string): Record<string, string[]> {
  const places = (placesOf(env, sharedUrl) as Place[]).map(
    ({ logins, residents, vault, guests }): [string, string[]] => {
      const tables = residents.map(({ schema }) => schema);
      return [logins[0]?.url ?? '', [...(vault ? [`keys for ${guests.length}`] : []), ...tables]];
    },
  );
  return Object.fromEntries(places);
}

describe('the place of tables and keys', () => {
  it('is one database for everything, unless told otherwise', () => {
    const all = owners.map(({ schema }) => schema);
    expect(layout({}, SHARED)).toEqual({ [SHARED]: ['keys for 0', ...all] });
    const roles = each((schema) => `postgres://parley_${schema}@db:5432/parley`);
    expect(Object.values(layout({ ...roles, DATABASE_URL: SHARED }, SHARED))).toEqual([['keys for 0', ...all]]);
    expect(Object.values(layout(roles))).toEqual([['keys for 0', ...all]]);
  });

  it('is the shared database for the keys of services that live apart', () => {
    const { [SHARED]: shared, ...others } = layout({ ...CONSENT, DATABASE_URL: SHARED }, SHARED);
    expect(shared?.[0]).toBe('keys for 1');
    expect(others).toEqual({ [CONSENT.CONSENT_DATABASE_URL]: ['consent'] });
    expect(layout(apart, SHARED)[SHARED]).toEqual(['keys for 6']);
  });

  it('is where VAULT_DATABASE_URL says, for the keys; who lives there comes for nothing', () => {
    const vault = 'postgres://admin@keys/keys';
    expect(layout({ ...apart, VAULT_DATABASE_URL: vault })[vault]).toEqual(['keys for 6']);
    const beside = layout({ ...apart, VAULT_DATABASE_URL: 'postgres://admin@db/consent' });
    expect(beside['postgres://consent@db/consent']).toEqual(['keys for 5', 'consent']);
  });

  it('leaves out a database that nobody named, and services without keys', () => {
    expect(layout(CONSENT)).toEqual({ [CONSENT.CONSENT_DATABASE_URL]: ['consent'] });
    const desk = owners.find(({ schema }) => schema === 'desk');
    expect(desk && comesForKeys(desk, apart, SHARED)).toBe(false);
  });

  it.each([
    ['nothing is set', {}, true],
    ['one service lives apart', CONSENT, true],
    ['all live apart and the keys have no place', apart, true],
    ['all live apart, and so do the keys', { ...apart, VAULT_DATABASE_URL: 'postgres://v@db/vault' }, false],
    ['all live together', each((schema) => `postgres://${schema}@db/all`), false],
  ])('needs a shared database when %s: %s', (_, env, needed) => {
    expect(needsShared(env as NodeJS.ProcessEnv)).toBe(needed);
  });

  it.each([
    [{}, false],
    [{ DATABASE_URL: SHARED }, false],
    [{ DATABASE_URL: SHARED, ERP_DATABASE_URL: 'postgres://erp:x@db/parley' }, false],
    [{ DATABASE_URL: SHARED, ERP_DATABASE_URL: 'postgres://erp:x@db:5432/parley' }, false],
    [{ DATABASE_URL: SHARED, ERP_DATABASE_URL: 'postgres://erp:x@other/parley' }, true],
    [CONSENT, true],
  ])('tells separate databases from roles of one: %j', (env, separate) => {
    expect(separateDatabases(env as NodeJS.ProcessEnv)).toBe(separate);
  });
});
