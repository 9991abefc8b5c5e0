import { parseConfig as parse } from './config.js';

const ENOUGH = { DATABASE_URL: 'postgres://somebody@127.0.0.1/parley', PARLEY_MASTER_KEY_FILE: '/run/secrets/key' };
const parseConfig = (env: Record<string, string>) => parse({ ...ENOUGH, ...env });

describe('the settings', () => {
  it('have the values of the demonstration', () => {
    expect(parseConfig({})).toMatchObject({
      WHATSAPP_APP_SECRET: 'demo-app-secret',
      WHATSAPP_VERIFY_TOKEN: 'demo-verify-token',
      WHATSAPP_ACCESS_TOKEN: 'demo-access-token',
      WHATSAPP_PHONE_NUMBER_ID: '106540352242922',
      WHATSAPP_BUSINESS_ACCOUNT_ID: '102290129340398',
      graphUrl: 'http://127.0.0.1:8090',
      numbers: new Map([['106540352242922', 80]]),
    });
  });

  it('post to Meta when the simulator is off', () => {
    expect(parseConfig({ SIMULATOR: 'off' }).graphUrl).toBe('https://graph.facebook.com');
    expect(parseConfig({ WHATSAPP_GRAPH_URL: 'http://x:1' }).graphUrl).toBe('http://x:1');
  });

  it('read one rate for all numbers, or one for each', () => {
    const ids = { WHATSAPP_PHONE_NUMBER_ID: '1, 2' };
    expect(parseConfig({ ...ids, WHATSAPP_MESSAGES_PER_SECOND: '20' }).numbers).toEqual(
      new Map([
        ['1', 20],
        ['2', 20],
      ]),
    );
    const each = parseConfig({ ...ids, WHATSAPP_MESSAGES_PER_SECOND: '2=1000' }).numbers;
    expect(each).toEqual(
      new Map([
        ['1', 80],
        ['2', 1000],
      ]),
    );
  });

  it.each(['0', '1001', 'fast', '1=slow', '-1', '1=20,fast', '20,1=30', '1=20,', '=20', '1=20,1=30', '1=2=3', '20,30'])(
    'refuse the rate "%s"',
    (rate) => {
      const env = { WHATSAPP_PHONE_NUMBER_ID: '1', WHATSAPP_MESSAGES_PER_SECOND: rate };
      expect(() => parseConfig(env)).toThrow(/WHATSAPP_MESSAGES_PER_SECOND: must be/);
    },
  );

  it('refuse a rate for a number that is not ours', () => {
    const env = { WHATSAPP_PHONE_NUMBER_ID: '1', WHATSAPP_MESSAGES_PER_SECOND: '1=20,2=hunter' };
    expect(() => parseConfig(env)).not.toThrow(/hunter/);
    expect(() => parseConfig({ ...env, WHATSAPP_MESSAGES_PER_SECOND: '1=20,2=30' })).toThrow(
      /WHATSAPP_MESSAGES_PER_SECOND: has a rate for an id that is not in WHATSAPP_PHONE_NUMBER_ID/,
    );
  });

  it('name a provider, rates and whatever else is wrong in one list', () => {
    const env = {
      GATEWAY_PORT: 'x',
      WHATSAPP_PROVIDER: 'd7',
      WHATSAPP_MESSAGES_PER_SECOND: 'fast',
      KAFKA_SASL_MECHANISM: 'plain',
    };
    expect(() => parseConfig(env)).toThrow(/5 settings are wrong/);
    for (const name of ['GATEWAY_PORT', 'WHATSAPP_PROVIDER', 'WHATSAPP_MESSAGES_PER_SECOND', 'KAFKA_SASL_USERNAME']) {
      expect(() => parseConfig(env)).toThrow(new RegExp(`${name}: `));
    }
  });

  it('name everything that is missing at once', () => {
    expect(() => parse({ GATEWAY_PORT: 'x' })).toThrow(
      /GATEWAY_PORT.*\n.*GATEWAY_DATABASE_URL.*\n.*PARLEY_MASTER_KEY:/s,
    );
  });

  it('post over TLS in production, or to this machine', () => {
    const own = {
      WHATSAPP_APP_SECRET: 'a',
      WHATSAPP_VERIFY_TOKEN: 'b',
      WHATSAPP_ACCESS_TOKEN: 'c',
      NODE_ENV: 'production',
    };
    const ids = { WHATSAPP_PHONE_NUMBER_ID: '1', WHATSAPP_BUSINESS_ACCOUNT_ID: '2' };
    const load = (WHATSAPP_GRAPH_URL: string): unknown => parseConfig({ ...own, ...ids, WHATSAPP_GRAPH_URL });
    expect(() => load('http://hunter.example.com')).toThrow(
      /1 setting is wrong:\n.*WHATSAPP_GRAPH_URL: must be an https/,
    );
    expect(() => load('http://hunter.example.com')).not.toThrow(/hunter/);
    for (const url of ['https://graph.facebook.com', 'http://127.0.0.1:8090', 'http://[::1]:8090', ''])
      expect(() => load(url)).not.toThrow();
    expect(() => parseConfig({ WHATSAPP_GRAPH_URL: 'http://simulator:8090' })).not.toThrow();
  });

  it('say which providers wait', () => {
    expect(() => parseConfig({ WHATSAPP_PROVIDER: 'd7' })).toThrow(/WHATSAPP_PROVIDER: waits for its adapter/);
  });

  it('refuse the demonstration in production', () => {
    expect(() => parseConfig({ NODE_ENV: 'production' })).toThrow(/WHATSAPP_APP_SECRET(.|\n)*WHATSAPP_ACCESS_TOKEN/);
  });
});
