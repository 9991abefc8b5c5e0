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

  it.each(['0', '1001', 'fast', '1=slow', '-1'])('refuse the rate "%s" without printing it', (rate) => {
    const env = { WHATSAPP_PHONE_NUMBER_ID: '1', WHATSAPP_MESSAGES_PER_SECOND: rate };
    expect(() => parseConfig(env)).toThrow(/WHATSAPP_MESSAGES_PER_SECOND: must be/);
  });

  it('name everything that is missing at once', () => {
    expect(() => parse({ GATEWAY_PORT: 'x' })).toThrow(
      /GATEWAY_PORT.*\n.*GATEWAY_DATABASE_URL.*\n.*PARLEY_MASTER_KEY:/s,
    );
  });

  it('say which providers wait', () => {
    expect(() => parseConfig({ WHATSAPP_PROVIDER: 'd7' })).toThrow(/d7 waits/);
  });

  it('refuse the demonstration in production', () => {
    expect(() => parseConfig({ NODE_ENV: 'production' })).toThrow(/WHATSAPP_APP_SECRET(.|\n)*WHATSAPP_ACCESS_TOKEN/);
  });
});
