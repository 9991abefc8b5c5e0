// Makes every service's schema and role and brings it to the newest migration. DATABASE_URL is an administrator's.
import { busSchema } from '@parley/event-bus';
import { provision } from '@parley/postgres';
import { services } from './services.mjs';

const passwords = JSON.parse(process.env.PARLEY_ROLE_PASSWORDS || '{}');
const owners = services.filter(({ schema }) => schema);

try {
  const schemas = await Promise.all(
    owners.map(async ({ name, schema }) => {
      const { migrations } = await import(new URL(`../../apps/${name}/dist/migrations/index.js`, import.meta.url).href);
      return { name, schema, role: `parley_${schema}`, password: passwords[schema], migrations };
    }),
  );
  await provision(process.env.DATABASE_URL, [busSchema, ...schemas]);
} catch (error) {
  const away = error.reason === 'POSTGRES.UNAVAILABLE';
  console.error(away ? 'it does not answer; check DATABASE_URL, or leave it out for the embedded one.' : error.message);
  process.exit(1);
}
