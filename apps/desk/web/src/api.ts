import type { Conversation, Session, Transcript } from './model.js';

/** A request that failed. `status` 0: nothing answered. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }

  /** Whether the same request may succeed later. */
  get retryable(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

let csrf = '';

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = {};
  if (method !== 'GET') headers['x-csrf-token'] = csrf;
  if (body !== undefined) headers['content-type'] = 'application/json';
  const init: RequestInit = { method, headers, body: body === undefined ? undefined : JSON.stringify(body) };
  const response = await fetch(`/api${path}`, init).catch(() => {
    throw new ApiError(0, 'NETWORK', 'The desk cannot be reached. Check your connection.');
  });
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
  const problem = (await response.json().catch(() => ({}))) as { reason?: string; message?: string };
  throw new ApiError(response.status, problem.reason ?? 'HTTP', problem.message ?? 'The request failed.');
}

async function remember(session: Promise<Session>): Promise<Session> {
  const known = await session;
  csrf = known.csrf;
  return known;
}

const at = (id: string, verb = ''): string => `/conversations/${encodeURIComponent(id)}${verb}`;

/** The desk's API. Every call throws ApiError. */
export const api = {
  door: () => call<{ demo: { email: string; password: string } | null }>('GET', '/sign-in'),
  whoAmI: () => remember(call<Session>('GET', '/session')),
  signIn: (email: string, password: string) => remember(call<Session>('POST', '/session', { email, password })),
  signOut: () => call<void>('DELETE', '/session'),
  changePassword: (current: string, next: string) => call<void>('PUT', '/session/password', { current, next }),
  /** The latest, and all that people have to do with, which may be older. */
  async list(): Promise<Conversation[]> {
    const [all, people] = await Promise.all([
      call<{ conversations: Conversation[] }>('GET', '/conversations'),
      call<{ conversations: Conversation[] }>('GET', '/conversations?state=queued,human'),
    ]);
    const byId = new Map([...all.conversations, ...people.conversations].map((one) => [one.id, one]));
    return [...byId.values()].sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
  },
  transcript: (id: string) => call<Transcript>('GET', at(id)),
  takeOver: (id: string) => call<{ conversation: Conversation }>('POST', at(id, '/take-over')),
  handBack: (id: string) => call<{ conversation: Conversation }>('POST', at(id, '/hand-back')),
  reply: (id: string, text: string, idempotencyKey: string) =>
    call<{ id: string }>('POST', at(id, '/reply'), { text, idempotencyKey }),
};
