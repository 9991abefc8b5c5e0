import { checkedName, connectionConfig, statementName } from './connection.js';

const base = { url: 'postgres://u:p@h:5432/d', schema: 'crm', applicationName: 'crm' };

describe('connectionConfig', () => {
  it('sets search path, role and time limits as session options', () => {
    const { options } = connectionConfig({ ...base, role: 'parley_crm' });
    expect(options).toContain('-c search_path=crm,public');
    expect(options).toContain('-c role=parley_crm');
    expect(options).toContain('-c statement_timeout=30000');
    expect(connectionConfig(base).options).not.toContain('role=');
  });

  it('keeps the options of the URL, before ours, and out of the URL where they would win', () => {
    const config = connectionConfig({ ...base, url: `${base.url}?options=-c%20work_mem%3D1MB&sslmode=disable` });
    expect(config.options).toMatch(/^-c work_mem=1MB -c /);
    expect(config.connectionString).toBe('postgres://u:p@h:5432/d?sslmode=disable');
  });

  it('never weakens durability', () => {
    expect(connectionConfig(base).options).not.toMatch(/synchronous_commit|fsync/);
  });

  it.each(['x y', 'a;drop', 'A', "a'b", '1a', '', 'a -c role=postgres'])('refuses the name %p', (name) => {
    expect(() => checkedName(name)).toThrow(expect.objectContaining({ reason: 'POSTGRES.BAD_NAME' }) as Error);
    expect(() => connectionConfig({ ...base, schema: name })).toThrow();
    if (name) expect(() => connectionConfig({ ...base, role: name })).toThrow();
  });

  it('refuses a URL that is none without repeating it', () => {
    const load = (): unknown => connectionConfig({ ...base, url: 'hunter2' });
    expect(load).toThrow(expect.objectContaining({ reason: 'POSTGRES.BAD_URL' }) as Error);
    expect(load).not.toThrow(/hunter2/);
  });
});

describe('statementName', () => {
  it('is the same for the same text and short enough for the server', () => {
    expect(statementName('select 1')).toBe(statementName('select 1'));
    expect(statementName('select 1')).not.toBe(statementName('select 2'));
    expect(statementName('select 1')?.length).toBeLessThan(64);
  });

  it('is not given to more texts than a connection should hold', () => {
    for (let n = 0; n < 600; n++) statementName(`select ${n}`);
    expect(statementName('one more')).toBeUndefined();
    expect(statementName('select 1')).toBeDefined();
  });
});
