// npm run db:migrate [schema ...] [vault]: roles, schemas and migrations, in the databases that the environment names.
import { migrate } from '../launcher/database.mjs';
import { dataDir } from '../launcher/paths.mjs';
import { owners, placesOf } from '../launcher/placement.mjs';
import { localSecrets } from '../launcher/secrets.mjs';
import { databaseVariable } from '../launcher/services.mjs';

const schemas = owners.map(({ schema }) => schema);

const USAGE = `npm run db:migrate                        everything, where the settings say
npm run db:migrate -- <schema> ... [vault] only these: ${schemas.join(', ')}; vault: the keys

DATABASE_URL                              an administrator's URL of the database that services share
CONSENT_DATABASE_URL, ...                 an administrator's URL of the database of one service
VAULT_DATABASE_URL                        an administrator's URL of the database that holds the keys; the shared one when not set
PARLEY_ROLE_PASSWORDS                     {"consent": "...", ...}; those of the data folder when not set

A service's tables are its role's, parley_<schema>. A service that lives elsewhere comes to the keys as parley_<schema>_keys.`;

/** What is wrong with what was asked for; undefined when nothing is. */
function problemOf(words, env, places) {
  const unknown = words.find((word) => word !== 'vault' && !schemas.includes(word));
  if (unknown) return `There is no schema ${unknown}.\n\n${USAGE}`;
  const wanted = owners.filter(({ schema }) => words.length === 0 || words.includes(schema));
  const homeless = wanted.filter((service) => !env[databaseVariable(service)] && !env.DATABASE_URL);
  if (homeless.length > 0) return `Set DATABASE_URL, or ${homeless.map(databaseVariable).join(', ')}.\n\n${USAGE}`;
  const keys = words.length === 0 || words.includes('vault');
  if (keys && !places.some(({ vault }) => vault)) return `Set VAULT_DATABASE_URL, or DATABASE_URL.\n\n${USAGE}`;
  return undefined;
}

/** Leaves out what was not asked for; the keys are migrated with the tables beside them. */
function only(words, places) {
  if (words.length === 0) return places;
  return places
    .map((place) => ({ ...place, residents: place.residents.filter(({ schema }) => words.includes(schema)) }))
    .filter(({ residents, vault }) => residents.length > 0 || (vault && words.includes('vault')));
}

/** The passwords that the environment brings; undefined when that is no JSON object of texts. What is in it is never repeated. */
function givenPasswords(text) {
  try {
    const passwords = JSON.parse(text);
    const texts = Object.values(passwords);
    return typeof passwords !== 'object' ||
      Array.isArray(passwords) ||
      texts.some((one) => typeof one !== 'string' || one === '')
      ? undefined
      : passwords;
  } catch {
    return undefined;
  }
}

export async function main(words) {
  const { env } = process;
  const places = placesOf(env, env.DATABASE_URL);
  const given = env.PARLEY_ROLE_PASSWORDS && givenPasswords(env.PARLEY_ROLE_PASSWORDS);
  if (env.PARLEY_ROLE_PASSWORDS && !given) {
    console.error(
      'PARLEY_ROLE_PASSWORDS must be JSON like {"consent": "...", ...}, without a quote or a backslash in a password.',
    );
    return 2;
  }
  const problem = words.includes('--help') ? USAGE : problemOf(words, env, places);
  if (problem) {
    console.error(problem);
    return words.includes('--help') ? 0 : 2;
  }
  const passwords = given || localSecrets(dataDir()).passwords;
  try {
    await migrate({ places: only(words, places), passwords, strict: true });
  } catch (error) {
    console.error(error.message);
    return 1;
  }
  console.log('Schemas are at the newest migration.');
  return 0;
}
