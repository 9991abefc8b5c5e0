import { eventually } from '@parley/testing';
import { secret, type Person } from './cast.js';
import { confession } from './paths-webhook.js';
import type { Stage } from './stage.js';

interface Session {
  cookie: string;
  csrf: string;
}

const EMAIL = 'agent@example.com';

async function signIn(stage: Stage, path: string, email: string, password: string): Promise<Session | undefined> {
  const response = await stage.http(path, `${stage.system.deskUrl}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: stage.system.deskUrl },
    body: JSON.stringify({ email, password }),
  });
  if (!response.ok) return undefined;
  const cookie = (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const { csrf } = JSON.parse(response.said) as { csrf: string };
  stage.needles.push(secret('session of the desk', cookie.split('=')[1] ?? ''), secret('CSRF token of the desk', csrf));
  return { cookie, csrf };
}

type Call = (
  path: string,
  method: string,
  to: string,
  body?: string,
  more?: Partial<Session>,
) => Promise<{ said: string }>;

/** Signing in, taking over, answering, and everything of it that goes wrong. */
export async function deskPaths(stage: Stage): Promise<void> {
  const person = stage.person();
  const password = stage.settings['DESK_ADMIN_PASSWORD'] ?? '';
  await signIn(stage, 'desk: a wrong password', EMAIL, `${password}x`);
  await signIn(stage, "desk: somebody else's address", person.email, `password-of-${person.words}`);
  const session = await signIn(stage, 'desk: sign-in', EMAIL, password);
  if (!session) throw new Error('The desk let nobody in.');
  const call: Call = (path, method, to, body, more = {}) =>
    stage.http(path, `${stage.system.deskUrl}/api/${to}`, {
      method,
      headers: {
        'content-type': 'application/json',
        origin: stage.system.deskUrl,
        cookie: more.cookie ?? session.cookie,
        'x-csrf-token': more.csrf ?? session.csrf,
      },
      ...(body === undefined ? {} : { body }),
    });
  await replies(call, person, await waiting(call));
  const short = JSON.stringify({ current: password, next: 'x' });
  await call('desk: a new password that is too short', 'PUT', 'session/password', short);
  await call('desk: sign-out', 'DELETE', 'session');
}

async function replies(call: Call, person: Person, id: string): Promise<void> {
  const text = confession(person);
  const to = `conversations/${id}/reply`;
  const reply = (said: string, idempotencyKey = 'leaks-reply-1') => JSON.stringify({ text: said, idempotencyKey });
  const query = `phone=${person.phone}&email=${encodeURIComponent(person.email)}`;
  await call('desk: a reply before taking over', 'POST', to, reply(text));
  await call('desk: take-over', 'POST', `conversations/${id}/take-over`, '{}');
  await call('desk: reply', 'POST', to, reply(text));
  await call('desk: a reply that is too long', 'POST', to, reply(text.repeat(99), person.phone));
  await call('desk: the key of another reply', 'POST', to, reply(person.words));
  await call('desk: not JSON', 'POST', to, `{"text": ${text}`);
  await call('desk: without the token', 'POST', to, reply(text), { csrf: person.words });
  await call('desk: a session nobody has', 'GET', 'session', undefined, { cookie: `parley_desk=${person.words}` });
  await call('desk: a conversation nobody has', 'GET', `conversations/${person.phone}`);
  await call('desk: a path that is not there', 'GET', `people?${query}`);
  await call('desk: hand-back', 'POST', `conversations/${id}/hand-back`, '{}');
}

/** The conversation of somebody who waits for a person. */
function waiting(call: Call): Promise<string> {
  return eventually(
    async () => {
      const { said } = await call('desk: list', 'GET', 'conversations');
      const { conversations } = JSON.parse(said) as { conversations: { id: string }[] };
      const [first] = conversations;
      if (!first) throw new Error('Nobody waits yet.');
      return first.id;
    },
    { timeoutMs: 30_000 },
  );
}
