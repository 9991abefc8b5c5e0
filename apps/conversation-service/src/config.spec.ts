import { join } from 'node:path';
import { loadConfig } from '@parley/config';
import { existsSync } from 'node:fs';
import { configSchema } from './config.js';

describe('configuration', () => {
  const enough = { DATABASE_URL: 'postgres://u:secret@h/db', PARLEY_MASTER_KEY_FILE: '/key' };

  it('names everything that is missing or wrong at once, without values', () => {
    const attempt = (): unknown => loadConfig(configSchema, { PARLEY_TIME_ZONE: 'Mars/Base', OPS_PORT_BASE: 'nine' });
    expect(attempt).toThrow(/4 settings are wrong/);
    for (const name of ['CONVERSATION_DATABASE_URL', 'PARLEY_MASTER_KEY', 'PARLEY_TIME_ZONE', 'OPS_PORT_BASE']) {
      expect(attempt).toThrow(new RegExp(name));
    }
    expect(attempt).not.toThrow(/Mars|nine/);
  });

  it('finds the content of the repository by default', () => {
    const { CONTENT_DIR, WHATSAPP_PHONE_NUMBER_ID } = loadConfig(configSchema, enough);
    expect(existsSync(join(CONTENT_DIR, 'business.yaml'))).toBe(true);
    expect(WHATSAPP_PHONE_NUMBER_ID).toEqual(['106540352242922']);
  });

  it('refuses the demonstration number in production', () => {
    expect(() => loadConfig(configSchema, { ...enough, NODE_ENV: 'production' })).toThrow(/WHATSAPP_PHONE_NUMBER_ID/);
  });
});
