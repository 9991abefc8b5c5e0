import { useCallback, useState } from 'react';
import { api, ApiError } from './api.js';
import { putBack } from './composer.js';
import type { Draft, Line } from './model.js';

/** Pauses before a reply that met trouble is tried again by itself; after that it is the agent's turn. */
const PAUSES_MS = [500, 2000];

async function send({ conversationId, text, key }: Draft): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    try {
      return (await api.reply(conversationId, text, key)).id;
    } catch (thrown) {
      const pause = PAUSES_MS[attempt];
      if (pause === undefined || !(thrown as ApiError).retryable) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** 128 random bits. Not `randomUUID`, which browsers keep from pages that were not served safely. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Replies that the transcript does not show yet. */
export function useDrafts(accountId: string, onSent: () => void, onSignedOut: () => void) {
  const [drafts, setDrafts] = useState<Draft[]>([]);
  const change = useCallback((key: string, changes: Partial<Draft>) => {
    setDrafts((all) => all.map((draft) => (draft.key === key ? { ...draft, ...changes } : draft)));
  }, []);

  const attempt = useCallback(
    (draft: Draft) => {
      change(draft.key, { state: 'sending', problem: '' });
      send(draft).then(
        (sendId) => {
          change(draft.key, { state: 'sent', sendId });
          onSent();
        },
        (error: ApiError) => {
          change(draft.key, { state: 'failed', problem: error.message });
          if (error.status !== 401) return;
          putBack(`${accountId} ${draft.conversationId}`, draft.text);
          onSignedOut();
        },
      );
    },
    [accountId, change, onSent, onSignedOut],
  );
  const add = useCallback(
    (conversationId: string, text: string) => {
      const draft: Draft = {
        key: newKey(),
        conversationId,
        text,
        at: new Date().toISOString(),
        state: 'sending',
        problem: '',
        sendId: '',
      };
      setDrafts((all) => [...all, draft]);
      attempt(draft);
    },
    [attempt],
  );
  const discard = useCallback((key: string) => setDrafts((all) => all.filter((draft) => draft.key !== key)), []);
  return { drafts, add, retry: attempt, discard };
}

/** Those of a conversation that its transcript does not hold yet. */
export function openDrafts(drafts: Draft[], conversationId: string, lines: Line[]): Draft[] {
  const shown = new Set(lines.map(({ id }) => id));
  return drafts.filter((draft) => draft.conversationId === conversationId && !shown.has(draft.sendId));
}
