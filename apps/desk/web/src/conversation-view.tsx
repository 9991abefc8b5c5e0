import { useState } from 'react';
import { api, ApiError } from './api.js';
import { Composer } from './composer.js';
import { windowOf } from './format.js';
import { BackIcon } from './icons.js';
import type { Account, Conversation, Line } from './model.js';
import { Transcript } from './transcript.js';
import { openDrafts, type useDrafts } from './use-drafts.js';

const DOUBLE_CLICK_MS = 500;

interface ViewProps {
  account: Account;
  conversation: Conversation;
  lines: Line[];
  drafts: ReturnType<typeof useDrafts>;
  now: Date;
  onBack: () => void;
  onChanged: (conversation: Conversation) => void;
  onStale: () => void;
  onSignedOut: () => void;
}

/** The open conversation: what was said, and what the agent can do about it. */
export function ConversationView(props: ViewProps) {
  const { account, conversation, lines, drafts, now } = props;
  const { id } = conversation;
  const { busy, problem, act } = useAction(props);
  const mine = conversation.state === 'human' && conversation.agentId === account.id;
  return (
    <>
      <Head conversation={conversation} mine={mine} busy={busy} onBack={props.onBack} act={act} />
      {problem && (
        <p className="banner" role="alert">
          {problem}
        </p>
      )}
      <Transcript
        lines={lines}
        drafts={openDrafts(drafts.drafts, id, lines)}
        now={now}
        ownName={account.name}
        onRetry={drafts.retry}
        onDiscard={drafts.discard}
      />
      <Composer
        draftKey={`${account.id} ${id}`}
        hint={hintFor(conversation, mine, windowOf(conversation.windowUntil, now).open)}
        onSend={(text) => drafts.add(id, text)}
      />
    </>
  );
}

type Act = ReturnType<typeof useAction>['act'];

interface HeadProps {
  conversation: Conversation;
  mine: boolean;
  busy: boolean;
  onBack: () => void;
  act: Act;
}

function Head({ conversation, mine, busy, onBack, act }: HeadProps) {
  const { id, name, state } = conversation;
  return (
    <header className="head">
      <button className="plain back" onClick={onBack} aria-label="Back to the list">
        <BackIcon />
      </button>
      <div className="title">
        <h2>
          <bdi>{name}</bdi>
        </h2>
        <p className="soft">{whoAnswers(conversation, mine)}</p>
      </div>
      {mine ? (
        <button
          className="secondary"
          disabled={busy}
          onClick={() => act(() => api.handBack(id))}
          data-testid="hand-back"
        >
          Hand back to bot
        </button>
      ) : (
        <button
          className="primary"
          disabled={busy || state === 'human'}
          onClick={() => act(() => api.takeOver(id))}
          data-testid="take-over"
        >
          Take over
        </button>
      )}
    </header>
  );
}

/** One action at a time, and what became of it. */
function useAction({ onChanged, onStale, onSignedOut }: ViewProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const act = (work: () => Promise<{ conversation: Conversation }>): void => {
    setBusy(true);
    setProblem('');
    work()
      .then(
        ({ conversation }) => onChanged(conversation),
        (error: ApiError) => {
          if (error.status === 401) return onSignedOut();
          setProblem(error.message);
          onStale();
        },
      )
      // The other button comes to where this one was: the second half of a double click must not press it.
      .finally(() => setTimeout(() => setBusy(false), DOUBLE_CLICK_MS));
  };
  return { busy, problem, act };
}

function whoAnswers({ state, agentName }: Conversation, mine: boolean): string {
  if (mine) return 'You answer';
  if (state === 'human') return `${agentName || 'Another agent'} answers`;
  return state === 'queued' ? 'Waiting for a person' : 'The bot answers';
}

/** Why nothing can be written; empty when it can. */
function hintFor({ state }: Conversation, mine: boolean, open: boolean): string {
  if (!mine) return state === 'human' ? 'Another agent answers here.' : 'Take over to reply.';
  return open ? '' : 'The reply window is closed: only templates may be sent until the customer writes again.';
}
