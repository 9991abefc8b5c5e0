import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@parley/config';
import { AppError } from '@parley/errors';
import type { Running } from '@parley/service';
import { createLogger } from '@parley/telemetry';
import { eventually, FakeClock } from '@parley/testing';
import { serveDesk } from '../src/app.module.js';
import { configSchema } from '../src/config.js';
import { InMemoryConversations } from '../src/outbound/in-memory/in-memory-conversations.js';
import {
  InMemoryAccounts,
  InMemoryAttempts,
  InMemoryPasswords,
  InMemorySessions,
} from '../src/outbound/in-memory/in-memory-people.js';
import { conversation } from '../src/ports/conversations.port.contract.js';
import { Browser } from './browser.js';

const EMAIL = 'agent@example.com';
const PASSWORD = 'parley-demo';
const ANA = { id: 'ana', name: 'Ana', email: EMAIL };
const log = createLogger('desk', { level: 'silent' });
const pageFolder = mkdtempSync(join(tmpdir(), 'desk-page-'));
mkdirSync(join(pageFolder, 'assets'));
writeFileSync(join(pageFolder, 'index.html'), '<!doctype html><title>Desk</title>');
writeFileSync(join(pageFolder, 'assets/index-a1b2c3.js'), '');
afterAll(() => rmSync(pageFolder, { recursive: true }));

const POLICY =
  "default-src 'none';script-src 'self';style-src 'self';connect-src 'self';img-src 'self';font-src 'self';" +
  "base-uri 'none';form-action 'none';frame-ancestors 'none'";

/** Everything is kept in memory here; the settings want one all the same. */
const DATABASE_URL = 'postgres://nobody@127.0.0.1/none';

async function start(env: Record<string, string> = {}) {
  const clock = new FakeClock();
  const conversations = new InMemoryConversations(clock);
  const sessions = new InMemorySessions();
  const accounts = new InMemoryAccounts(sessions);
  accounts.add({ ...ANA, passwordHash: `plain:${PASSWORD}` });
  accounts.add({ id: 'ben', name: 'Ben', email: 'ben@example.com', passwordHash: `plain:${PASSWORD}` });
  const people = { sessions, accounts, attempts: new InMemoryAttempts(), passwords: new InMemoryPasswords() };
  const config = loadConfig(configSchema, { DESK_PORT: '0', DATABASE_URL, ...env });
  const desk = await serveDesk({ ...people, conversations, clock }, config, { log, pageFolder });
  return { desk, conversations, clock, browser: () => new Browser(desk.url) };
}

let running: Awaited<ReturnType<typeof start>>;
beforeEach(async () => {
  running = await start();
});
afterEach(() => running.desk.close());

async function signedIn(email = EMAIL): Promise<Browser> {
  const browser = running.browser();
  expect((await browser.signIn(email, PASSWORD)).status).toBe(201);
  return browser;
}

async function expectError(response: Response, status: number, reason: string): Promise<void> {
  const body = (await response.json()) as Record<string, unknown>;
  expect([response.status, body]).toEqual([status, { reason, message: expect.any(String) as string }]);
  expect(JSON.stringify(body)).not.toMatch(/\bat .*\.(ts|js):\d+/);
}

describe('signing in', () => {
  it('gives a cookie that no script and no other site can use', async () => {
    const response = await running.browser().signIn(EMAIL, PASSWORD);
    expect(response.status).toBe(201);
    expect(response.headers.get('set-cookie')).toMatch(
      /^parley_desk=[\w-]{43}; Max-Age=43200; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    );
    expect(await response.json()).toEqual({ account: ANA, csrf: expect.stringMatching(/^[\w-]{43}$/) as string });
  });

  it('refuses a wrong password and an unknown account alike', async () => {
    const browser = running.browser();
    await expectError(await browser.signIn(EMAIL, 'wrong'), 401, 'SESSION.SIGN_IN_REFUSED');
    await expectError(await browser.signIn('nobody@example.com', PASSWORD), 401, 'SESSION.SIGN_IN_REFUSED');
    expect(browser.cookie).toBe('');
  });

  it('says when to come back after too many attempts', async () => {
    const browser = running.browser();
    for (let time = 0; time < 6; time++) await browser.signIn(EMAIL, 'wrong');
    const response = await browser.signIn(EMAIL, PASSWORD);
    expect(response.headers.get('retry-after')).toBe('900');
    await expectError(response, 429, 'SESSION.TOO_MANY_ATTEMPTS');
  });

  it('refuses what other sites send', async () => {
    const body = { email: EMAIL, password: PASSWORD };
    for (const origin of ['https://evil.example', 'null', `${running.desk.url}.evil.example`]) {
      const response = await running.browser().send('POST', '/api/session', body, { origin });
      await expectError(response, 403, 'SESSION.FOREIGN_REQUEST');
    }
  });

  it('takes the word of the browser where it leaves the origin out', async () => {
    const body = JSON.stringify({ email: EMAIL, password: PASSWORD });
    const post = (headers: Record<string, string>): Promise<number> =>
      new Promise((resolve, reject) => {
        const all = { 'content-type': 'application/json', ...headers };
        const req = request(`${running.desk.url}/api/session`, { method: 'POST', headers: all }, (res) => {
          res.resume();
          resolve(res.statusCode ?? 0);
        });
        req.on('error', reject).end(body);
      });
    expect(await post({})).toBe(403);
    expect(await post({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await post({ 'sec-fetch-site': 'same-origin' })).toBe(201);
  });

  it('shows the demonstration password as long as it is one', async () => {
    const browser = await signedIn();
    expect(await (await browser.send('GET', '/api/sign-in')).json()).toEqual({
      demo: { email: EMAIL, password: PASSWORD },
    });
    const change = { current: PASSWORD, next: 'a much better password' };
    expect((await browser.send('PUT', '/api/session/password', change)).status).toBe(204);
    expect(await (await browser.send('GET', '/api/sign-in')).json()).toEqual({ demo: null });
    await expectError(await browser.send('GET', '/api/session'), 401, 'SESSION.MISSING');
  });
});

describe('a session', () => {
  it('says who is there, until signing out', async () => {
    const browser = await signedIn();
    expect(await (await browser.send('GET', '/api/session')).json()).toEqual({ account: ANA, csrf: browser.csrf });
    const stolen = browser.cookie;
    const out = await browser.send('DELETE', '/api/session');
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toMatch(/^parley_desk=; Path=\/; Expires=Thu, 01 Jan 1970/);
    browser.cookie = stolen;
    await expectError(await browser.send('GET', '/api/session'), 401, 'SESSION.MISSING');
  });

  it('is needed for everything', async () => {
    const browser = running.browser();
    for (const path of ['/api/session', '/api/conversations', '/api/conversations/c-1', '/api/events']) {
      await expectError(await browser.send('GET', path), 401, 'SESSION.MISSING');
    }
    await expectError(await browser.send('POST', '/api/conversations/c-1/take-over'), 401, 'SESSION.MISSING');
  });

  it('needs its own CSRF token for whatever changes something', async () => {
    running.conversations.put(conversation({ id: 'c-1' }));
    const [ana, ben] = [await signedIn(), await signedIn('ben@example.com')];
    for (const token of ['', 'x', ben.csrf, `${ana.csrf}x`]) {
      const headers = { 'x-csrf-token': token };
      for (const [method, path] of [
        ['POST', '/api/conversations/c-1/take-over'],
        ['POST', '/api/conversations/c-1/reply'],
        ['POST', '/api/conversations/c-1/hand-back'],
        ['DELETE', '/api/session'],
        ['PUT', '/api/session/password'],
      ] as const) {
        await expectError(await ana.send(method, path, undefined, headers), 403, 'SESSION.FOREIGN_REQUEST');
      }
    }
    const foreign = await ana.send('POST', '/api/conversations/c-1/take-over', undefined, {
      origin: 'https://evil.example',
    });
    await expectError(foreign, 403, 'SESSION.FOREIGN_REQUEST');
    expect((await running.conversations.get('c-1')).conversation.state).toBe('bot');
  });
});

describe('conversations', () => {
  it('are listed, by state, with agents by name', async () => {
    const browser = await signedIn();
    running.conversations.put(conversation({ id: 'c-1', state: 'queued' }));
    running.conversations.put(conversation({ id: 'c-2', state: 'human', agentId: 'ben' }));
    running.conversations.put(conversation({ id: 'c-3' }));
    const list = async (query: string): Promise<unknown> => {
      const { conversations } = (await (await browser.send('GET', `/api/conversations${query}`)).json()) as {
        conversations: { id: string; agentName: string }[];
      };
      return conversations.map(({ id, agentName }) => [id, agentName]);
    };
    expect(await list('?state=queued')).toEqual([['c-1', '']]);
    expect(await list('?state=queued,human')).toEqual([
      ['c-1', ''],
      ['c-2', 'Ben'],
    ]);
    expect(await list('')).toHaveLength(3);
    await expectError(await browser.send('GET', '/api/conversations?state=lost'), 400, 'REQUEST.INVALID');
    await expectError(await browser.send('GET', '/api/conversations?state=bot&state=bot'), 400, 'REQUEST.INVALID');
  });

  it('pass from the bot to a person and back', async () => {
    const [ana, ben] = [await signedIn(), await signedIn('ben@example.com')];
    running.conversations.put(conversation({ id: 'c-1', state: 'queued' }));
    const taken = await ana.send('POST', '/api/conversations/c-1/take-over');
    expect(await taken.json()).toMatchObject({ conversation: { state: 'human', agentId: 'ana', agentName: 'Ana' } });
    await expectError(await ben.send('POST', '/api/conversations/c-1/take-over'), 409, 'CONVERSATION.TAKEN');
    await expectError(await ben.send('POST', '/api/conversations/c-1/hand-back'), 409, 'CONVERSATION.NOT_TAKEN');
    const given = await ana.send('POST', '/api/conversations/c-1/hand-back');
    expect(await given.json()).toMatchObject({ conversation: { state: 'bot', agentId: '' } });
  });

  it('take a reply once for a key', async () => {
    const browser = await signedIn();
    running.conversations.put(conversation({ id: 'c-1', state: 'human', agentId: 'ana' }));
    const reply = { text: 'Right away.', idempotencyKey: 'key-12345678' };
    const ids: unknown[] = [];
    for (let time = 0; time < 2; time++) {
      const response = await browser.send('POST', '/api/conversations/c-1/reply', reply);
      expect(response.status).toBe(200);
      ids.push(((await response.json()) as { id: string }).id);
    }
    expect(ids[0]).toBe(ids[1]);
    const read = await browser.send('GET', '/api/conversations/c-1');
    expect(await read.json()).toMatchObject({
      lines: [{ id: ids[0], text: 'Right away.', author: 'agent', agentName: 'Ana', status: 'pending' }],
    });
    const other = await browser.send('POST', '/api/conversations/c-1/reply', { ...reply, text: 'Other' });
    await expectError(other, 409, 'IDEMPOTENCY.KEY_REUSED');
  });

  it('take nothing that is not a reply', async () => {
    const browser = await signedIn();
    running.conversations.put(conversation({ id: 'c-1', state: 'human', agentId: 'ana' }));
    const key = { idempotencyKey: 'key-12345678' };
    for (const body of [{}, [], { text: '', ...key }, { text: ' \n', ...key }, { text: 'x'.repeat(4097), ...key }]) {
      await expectError(await browser.send('POST', '/api/conversations/c-1/reply', body), 400, 'REQUEST.INVALID');
    }
    for (const body of ['{"text":', '"text"', 'null', '{"text":"x","idempotencyKey":"12345678","agentId":"ben"}']) {
      await expectError(await browser.send('POST', '/api/conversations/c-1/reply', body), 400, 'REQUEST.INVALID');
    }
    const large = { text: 'x'.repeat(70_000), ...key };
    await expectError(await browser.send('POST', '/api/conversations/c-1/reply', large), 413, 'REQUEST.TOO_LARGE');
    const form = await browser.send('POST', '/api/conversations/c-1/reply', 'text=hi', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    await expectError(form, 400, 'REQUEST.INVALID');
    expect((await running.conversations.get('c-1')).lines).toEqual([]);
  });
});

describe('errors', () => {
  it('have a stable reason and the right code', async () => {
    const browser = await signedIn();
    await expectError(await browser.send('GET', '/api/conversations/c-none'), 404, 'CONVERSATION.NOT_FOUND');
    await expectError(await browser.send('GET', '/api/conversations/%20'), 400, 'REQUEST.INVALID');
    await expectError(await browser.send('GET', '/api/nothing'), 404, 'REQUEST.NO_SUCH_PATH');
    await expectError(await browser.send('GET', '/api/conversations/%zz'), 400, 'REQUEST.INVALID');
    const codes = [
      ['UNAVAILABLE', 503],
      ['DEADLINE_EXCEEDED', 504],
      ['ABORTED', 409],
      ['INTERNAL', 500],
    ] as const;
    for (const [code, status] of codes) {
      running.conversations.failure = new AppError({ code, reason: 'SOME.REASON', message: 'm' });
      await expectError(await browser.send('GET', '/api/conversations'), status, 'SOME.REASON');
    }
  });

  it('say nothing of what nobody expected', async () => {
    const browser = await signedIn();
    running.conversations.failure = new Error('password of the database is hunter2');
    const response = await browser.send('GET', '/api/conversations');
    const text = await response.clone().text();
    await expectError(response, 500, 'UNMAPPED');
    expect(text).not.toContain('hunter2');
  });
});

describe('news', () => {
  it('reach every browser that is signed in', async () => {
    const followers = [await (await signedIn()).follow(), await (await signedIn('ben@example.com')).follow()];
    running.conversations.put(conversation({ id: 'c-7' }));
    for (const { heard, leave } of followers) {
      await eventually(() => expect(heard).toContain('event: changed\ndata: {"id":"c-7"}'));
      expect(heard).toContain('event: link\ndata: {"live":true}');
      leave();
    }
  });
});

describe('the page', () => {
  it('is always asked for again, and its assets never', async () => {
    const page = await fetch(running.desk.url);
    expect(await page.text()).toContain('<title>Desk</title>');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const asset = await fetch(`${running.desk.url}/assets/index-a1b2c3.js`);
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    for (const path of ['/../package.json', '/%2e%2e/package.json', '/.env']) {
      expect((await fetch(running.desk.url + path)).status).toBeGreaterThanOrEqual(400);
    }
  });

  it('may load nothing from elsewhere and run nothing inline', async () => {
    for (const path of ['/', '/api/session', '/assets/index-a1b2c3.js']) {
      const { headers } = await fetch(running.desk.url + path);
      expect(headers.get('content-security-policy')).toBe(POLICY);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-powered-by')).toBeNull();
    }
    expect((await fetch(`${running.desk.url}/api/session`)).headers.get('cache-control')).toBe('no-store');
  });
});

describe('behind a proxy that ends TLS', () => {
  let secure: { desk: Running & { url: string } };
  beforeEach(async () => {
    secure = await start({ DESK_TLS: 'proxy' });
  });
  afterEach(() => secure.desk.close());

  it('gives a cookie that only TLS and this host get', async () => {
    const browser = new Browser(secure.desk.url);
    const headers = { 'x-forwarded-proto': 'https', origin: secure.desk.url.replace('http:', 'https:') };
    const response = await browser.send('POST', '/api/session', { email: EMAIL, password: PASSWORD }, headers);
    expect(response.headers.get('set-cookie')).toMatch(
      /^__Host-parley_desk=.*; Path=\/; .*HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(response.headers.get('strict-transport-security')).toBe('max-age=31536000');
    expect((await browser.send('GET', '/api/session', undefined, headers)).status).toBe(200);
  });

  it('refuses plain HTTP', async () => {
    await expectError(await new Browser(secure.desk.url).signIn(EMAIL, PASSWORD), 403, 'SESSION.PLAIN_HTTP');
    expect((await fetch(secure.desk.url)).status).toBe(403);
  });
});

describe('production', () => {
  it('refuses the demonstration password and plain HTTP', () => {
    const load = (env: Record<string, string>) => () =>
      loadConfig(configSchema, { NODE_ENV: 'production', DATABASE_URL, ...env });
    expect(load({})).toThrow(/DESK_ADMIN_PASSWORD.*\n.*DESK_TLS/s);
    expect(load({ DESK_ADMIN_PASSWORD: 'chosen by somebody' })).toThrow(/DESK_TLS/);
    expect(load({ DESK_ADMIN_PASSWORD: 'chosen by somebody', DESK_TLS: 'proxy' })).not.toThrow();
  });
});
