import { useRef, type KeyboardEvent } from 'react';
import { hueOf, initialsOf, stateLabelOf, whenOf, fullTimeOf } from './format.js';
import { isUnder, type Conversation, type Filter } from './model.js';

const FILTERS: readonly (readonly [Filter, string, string])[] = [
  ['all', 'All', 'Nobody has written yet. The first message appears here by itself.'],
  ['waiting', 'Waiting', 'Nobody is waiting. Well done.'],
  ['mine', 'Mine', 'You have taken over no conversation.'],
];

interface ListProps {
  conversations: Conversation[] | null;
  problem: string;
  filter: Filter;
  onFilter: (filter: Filter) => void;
  accountId: string;
  openId: string;
  now: Date;
  onRetry: () => void;
}

/** The left column. */
export function ConversationList(props: ListProps) {
  const { conversations, problem, filter, onFilter, accountId, openId, now, onRetry } = props;
  const shown = conversations?.filter((one) => isUnder(filter, one, accountId)) ?? [];
  const empty = FILTERS.find(([name]) => name === filter)?.[2];
  return (
    <nav className="list" aria-label="Conversations">
      <div className="filters" role="group" aria-label="Show">
        {FILTERS.map(([name, label]) => (
          <button
            key={name}
            aria-pressed={filter === name}
            onClick={() => onFilter(name)}
            data-testid={`filter-${name}`}
          >
            {label}{' '}
            <Count
              value={name === 'all' ? 0 : (conversations?.filter((one) => isUnder(name, one, accountId)).length ?? 0)}
            />
          </button>
        ))}
      </div>
      {problem && (
        <p className="banner" role="alert">
          {problem}
          <button className="plain" onClick={onRetry}>
            Try again
          </button>
        </p>
      )}
      {conversations === null && !problem && <Skeleton />}
      {conversations !== null && shown.length === 0 && <p className="empty">{empty}</p>}
      <Rows conversations={shown} accountId={accountId} openId={openId} now={now} />
    </nav>
  );
}

function Count({ value }: { value: number }) {
  return value > 0 ? <span className="count">{value}</span> : null;
}

function Skeleton() {
  return (
    <div className="skeleton" role="status" aria-label="Loading conversations">
      {[0, 1, 2, 3, 4].map((row) => (
        <div key={row} />
      ))}
    </div>
  );
}

type RowsProps = Pick<ListProps, 'accountId' | 'openId' | 'now'> & { conversations: Conversation[] };

function Rows({ conversations, accountId, openId, now }: RowsProps) {
  const list = useRef<HTMLUListElement>(null);
  // Arrows walk through the rows, Tab leaves them: a list of a hundred must not take a hundred tabs.
  const walk = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const rows = [...(list.current?.querySelectorAll('a') ?? [])];
    const at = rows.indexOf(document.activeElement as HTMLAnchorElement);
    const step = steps[event.key];
    const next = step === undefined ? { Home: 0, End: rows.length - 1 }[event.key] : at + step;
    if (next === undefined || at < 0) return;
    event.preventDefault();
    rows[Math.min(Math.max(next, 0), rows.length - 1)]?.focus();
  };
  return (
    <ul ref={list} onKeyDown={walk}>
      {conversations.map((one, index) => {
        const reached = conversations.some(({ id }) => id === openId) ? one.id === openId : index === 0;
        return (
          <Row
            key={one.id}
            conversation={one}
            accountId={accountId}
            open={one.id === openId}
            reached={reached}
            now={now}
          />
        );
      })}
    </ul>
  );
}

interface RowProps {
  conversation: Conversation;
  accountId: string;
  open: boolean;
  /** Whether Tab comes here. */
  reached: boolean;
  now: Date;
}

function Row({ conversation, accountId, open, reached, now }: RowProps) {
  const { id, name, state, updatedAt, lastText } = conversation;
  // While the bot answers, nobody has to read along.
  const unread = state === 'bot' ? 0 : conversation.unread;
  return (
    <li>
      <a
        href={`#${encodeURIComponent(id)}`}
        className="row"
        data-state={state}
        data-unread={unread > 0}
        data-testid={`conversation-${id}`}
        aria-current={open ? 'true' : undefined}
        tabIndex={reached ? 0 : -1}
      >
        <span className="avatar" data-hue={hueOf(id)} aria-hidden="true">
          {initialsOf(name)}
        </span>
        <bdi className="name">{name}</bdi>
        <time dateTime={updatedAt} title={fullTimeOf(updatedAt)}>
          {whenOf(updatedAt, now)}
        </time>
        <span className="last" dir="auto">
          {lastText}
        </span>
        <span className="marks">
          {unread > 0 && (
            <span className="unread">
              {unread}
              <span className="sr"> unread</span>
            </span>
          )}
          <span className="state" data-state={state}>
            {stateLabelOf(conversation, accountId)}
          </span>
        </span>
      </a>
    </li>
  );
}
