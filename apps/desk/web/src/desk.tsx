import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { ConversationList } from './conversation-list.js';
import { ConversationView } from './conversation-view.js';
import { ChatIcon } from './icons.js';
import type { Account, Conversation, Filter } from './model.js';
import { SidePanel } from './side-panel.js';
import { TopBar } from './top-bar.js';
import { useConversations } from './use-conversations.js';
import { useDrafts } from './use-drafts.js';
import { useLive } from './use-live.js';
import { useNow } from './use-now.js';
import { useOpenId } from './use-open-id.js';

interface DeskProps {
  account: Account;
  onSignedOut: (note: string) => void;
}

/** The workspace: conversations, the open one, and who it is with. */
export function Desk({ account, onSignedOut }: DeskProps) {
  const [filter, setFilter] = useState<Filter>('all');
  const [openId, open] = useOpenId();
  const now = useNow();
  const over = useCallback(() => onSignedOut('Your session is over. Please sign in again.'), [onSignedOut]);
  const { conversations, transcript, problem, missing, refresh, put } = useConversations(openId, over);
  const drafts = useDrafts(account.id, refresh, over);
  const link = useLive({ onChange: refresh, onSignedOut: over });
  const announcement = useWaiting(conversations);
  const opened = transcript?.conversation;

  return (
    <div className="desk" data-open={openId !== ''}>
      <TopBar account={account} link={link} onSignedOut={onSignedOut} />
      <ConversationList
        {...{ conversations, problem, filter, openId, now }}
        accountId={account.id}
        onFilter={setFilter}
        onRetry={refresh}
      />
      <main className="middle" aria-label="Conversation">
        {openId === '' && (
          <Nothing title="Pick a conversation" text="Everything said in it appears here, as it is said." />
        )}
        {missing && <Nothing title="There is no such conversation" text="It may have been erased." />}
        {opened && transcript && !missing && (
          <ConversationView
            key={opened.id}
            {...{ account, conversation: opened, lines: transcript.lines, drafts, now }}
            onBack={() => open('')}
            onChanged={put}
            onStale={refresh}
            onSignedOut={over}
          />
        )}
      </main>
      {opened && !missing ? (
        <SidePanel conversation={opened} accountId={account.id} now={now} />
      ) : (
        <aside className="side" hidden />
      )}
      <p className="sr" role="status">
        {announcement}
      </p>
    </div>
  );
}

function Nothing({ title, text }: { title: string; text: string }) {
  return (
    <div className="nothing">
      <ChatIcon />
      <h2>{title}</h2>
      <p>{text}</p>
    </div>
  );
}

/** Says in the tab's title how many wait, and aloud who has just begun to. */
function useWaiting(conversations: Conversation[] | null): string {
  const waiting = useMemo(() => conversations?.filter(({ state }) => state === 'queued') ?? [], [conversations]);
  const known = useRef<Set<string> | null>(null);
  const [announcement, setAnnouncement] = useState('');
  useEffect(() => {
    document.title = waiting.length > 0 ? `(${waiting.length}) Parley Desk` : 'Parley Desk';
    const fresh = known.current && waiting.find(({ id }) => !known.current?.has(id));
    if (fresh) setAnnouncement(`${fresh.name} is waiting for a person.`);
    if (conversations) known.current = new Set(waiting.map(({ id }) => id));
  }, [conversations, waiting]);
  return announcement;
}
