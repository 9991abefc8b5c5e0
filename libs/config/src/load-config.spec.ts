import { configTable, loadConfig, settings, type Environment } from './index.js';

const schema = {
  PORT: settings.port('where to listen', { default: '8080' }),
  WAIT: settings.duration('how long to wait', { default: '60s' }),
  SECRET: settings.text('shared secret', { secret: true, demoValue: 'demo-secret' }),
  BROKERS: settings.list('host:port, comma-separated'),
  MODE: settings.oneOf(['a', 'b'], 'which one', { default: 'a' }),
};

describe('loadConfig', () => {
  it('gives typed defaults', () => {
    expect(loadConfig(schema, {})).toEqual({ PORT: 8080, WAIT: 60_000, SECRET: 'demo-secret', BROKERS: [], MODE: 'a' });
  });

  it('treats an empty variable as not set', () => {
    expect(loadConfig(schema, { PORT: '' }).PORT).toBe(8080);
  });

  it('lists every mistake at once and prints no value', () => {
    const load = (): unknown => loadConfig(schema, { PORT: 'hunter2', WAIT: 'soon-hunter3', MODE: 'hunter4' });
    expect(load).toThrow(/PORT.*\n.*WAIT.*\n.*MODE/s);
    expect(load).not.toThrow(/hunter/);
  });

  it('refuses demonstration secrets in production, by name only', () => {
    const load = (): unknown => loadConfig(schema, { NODE_ENV: 'production' });
    expect(load).toThrow(/SECRET/);
    expect(load).not.toThrow(/demo-secret/);
    expect(loadConfig(schema, { NODE_ENV: 'production', SECRET: 'own' }).SECRET).toBe('own');
  });

  it('wants one of two that stand for each other', () => {
    const either = {
      KEY: settings.optionalText('the key', { or: 'KEY_FILE' }),
      KEY_FILE: settings.optionalText('file'),
    };
    expect(() => loadConfig(either, { KEY: '' })).toThrow(/KEY: must be set, or else KEY_FILE \(the key\)/);
    expect(loadConfig(either, { KEY: 'k' })).toEqual({ KEY: 'k', KEY_FILE: undefined });
    expect(loadConfig(either, { KEY_FILE: '/k' })).toEqual({ KEY: undefined, KEY_FILE: '/k' });
  });

  it('lists what does not agree with other settings beside what is wrong in itself', () => {
    const signsIn = { MODE: settings.oneOf(['none', 'plain'], 'how', { default: 'none' }) };
    const rule = (env: Environment): string | undefined =>
      env['MODE'] === 'plain' && !env['NAME'] ? 'must be set with MODE=plain' : undefined;
    const both = { PORT: schema.PORT, ...signsIn, NAME: settings.optionalText('who', { rule }) };
    expect(() => loadConfig(both, { MODE: 'plain', PORT: 'x' })).toThrow(
      /PORT: .*\n.*NAME: must be set with MODE=plain/,
    );
    expect(() => loadConfig(both, { MODE: 'plain', NAME: 'n' })).not.toThrow();
    expect(() => loadConfig(both, {})).not.toThrow();
  });

  it('splits lists and drops blanks', () => {
    expect(loadConfig(schema, { BROKERS: 'a:1, b:2,,' }).BROKERS).toEqual(['a:1', 'b:2']);
  });

  it('writes a table without secrets', () => {
    expect(configTable(schema)).toContain('| `SECRET` | (secret) | shared secret |');
  });
});
