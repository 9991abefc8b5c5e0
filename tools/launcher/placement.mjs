// Which database a service's tables are in, and which one holds the keys. Only reads settings; nothing is opened here.
import { databaseVariable, services } from './services.mjs';

export const owners = services.filter(({ schema }) => schema);

/** Role by which a service that lives elsewhere comes to the keys; never one that an operator's URL may log in as. */
export const keyRole = (schema) => `parley_${schema}_keys`;

const POSTGRES_PORT = '5432';

/** Which database a URL means; roles and passwords differ between services and do not matter. */
function placeOf(url) {
  if (!url) return 'shared';
  if (!URL.canParse(url)) return url;
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || POSTGRES_PORT}${pathname}`;
}

/** Whether services are told to live in different databases; then the embedded log cannot join them. */
export function separateDatabases(env) {
  const places = owners.map((service) => placeOf(env[databaseVariable(service)] || env.DATABASE_URL));
  return new Set(places).size > 1;
}

/** Whether anything is in the database that all share: somebody's tables, or the keys. */
export function needsShared(env) {
  const someoneShares = owners.some((service) => !env[databaseVariable(service)]);
  return someoneShares || (separateDatabases(env) && !env.VAULT_DATABASE_URL);
}

/** Where the keys are: where they are told to be, else with everybody's tables, else in the shared database. */
function vaultPlace(env, sharedUrl) {
  if (env.VAULT_DATABASE_URL) return placeOf(env.VAULT_DATABASE_URL);
  if (separateDatabases(env)) return placeOf(sharedUrl);
  return placeOf(env[databaseVariable(owners[0])] || sharedUrl);
}

/** Whether a service's keys are in another database than its tables. */
export function comesForKeys(service, env, sharedUrl) {
  if (!service.keys) return false;
  return placeOf(env[databaseVariable(service)] || sharedUrl) !== vaultPlace(env, sharedUrl);
}

/**
 * The databases that the environment names, each with the logins there are for it, the schemas that live in it, and who
 * comes for keys. A database nobody gave a URL for is left out.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} [sharedUrl] an administrator's URL of the shared database
 */
export function placesOf(env, sharedUrl) {
  const places = new Map();
  const at = (variable, url, trusted = false) => {
    const known = places.get(placeOf(url)) ?? { logins: [], residents: [], vault: false, guests: [] };
    if (variable) known.logins.push({ variable, url, trusted });
    places.set(placeOf(url), known);
    return known;
  };
  if (sharedUrl) at('DATABASE_URL', sharedUrl, true);
  for (const service of owners) {
    const variable = databaseVariable(service);
    const { name, schema } = service;
    if (env[variable]) at(variable, env[variable]).residents.push({ name, schema, variable, url: env[variable] });
    else if (sharedUrl) at(undefined, sharedUrl).residents.push({ name, schema });
  }
  if (env.VAULT_DATABASE_URL) at('VAULT_DATABASE_URL', env.VAULT_DATABASE_URL);
  const vault = places.get(vaultPlace(env, sharedUrl));
  if (vault) {
    vault.vault = true;
    vault.guests = owners.filter((service) => comesForKeys(service, env, sharedUrl)).map(({ schema }) => schema);
  }
  return [...places.values()].filter(({ residents, vault: keys }) => residents.length > 0 || keys);
}
