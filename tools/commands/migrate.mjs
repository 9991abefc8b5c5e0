// npm run db:migrate: roles, schemas and migrations on the database of DATABASE_URL (an administrator's).
import { migrate } from '../launcher/database.mjs';
import { dataDir } from '../launcher/paths.mjs';
import { localSecrets } from '../launcher/secrets.mjs';

export async function main(args) {
  if (args.includes('--help') || !process.env.DATABASE_URL) {
    console.error('Set DATABASE_URL to an administrator of the database, then run: npm run db:migrate');
    return args.includes('--help') ? 0 : 2;
  }
  const passwords = process.env.PARLEY_ROLE_PASSWORDS
    ? JSON.parse(process.env.PARLEY_ROLE_PASSWORDS)
    : localSecrets(dataDir()).passwords;
  try {
    await migrate(process.env.DATABASE_URL, passwords);
  } catch (error) {
    console.error(error.message);
    return 1;
  }
  console.log('Schemas are at the newest migration.');
  return 0;
}
