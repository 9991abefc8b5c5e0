import { join } from 'node:path';
import { configTable, loadConfig } from '@parley/config';
import { existsSync, readFileSync } from 'node:fs';
import { configSchema } from './config.js';

describe('configuration', () => {
  it('finds the content of the repository by default', () => {
    const { CONTENT_DIR, WHATSAPP_PHONE_NUMBER_ID } = loadConfig(configSchema, {});
    expect(existsSync(join(CONTENT_DIR, 'business.yaml'))).toBe(true);
    expect(WHATSAPP_PHONE_NUMBER_ID).toEqual(['106540352242922']);
  });

  it('refuses the demonstration number in production', () => {
    expect(() => loadConfig(configSchema, { NODE_ENV: 'production' })).toThrow(/WHATSAPP_PHONE_NUMBER_ID/);
  });

  it('is documented in the README', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const table = configTable({ ...configSchema, CONTENT_DIR: { ...configSchema.CONTENT_DIR, fallback: 'content' } });
    for (const line of table.split('\n').slice(2)) expect(readme).toContain(line.split('|')[1]!.trim());
  });
});
