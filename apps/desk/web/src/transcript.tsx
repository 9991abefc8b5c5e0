import { Fragment, useEffect, useLayoutEffect, useRef } from 'react';
import { dayOf, DELIVERY_LABEL, fullTimeOf, timeOf, wordsOf } from './format.js';
import { Ticks } from './icons.js';
import type { Draft, Line } from './model.js';

const AUTHOR: Record<Line['author'], string> = { customer: 'Customer', bot: 'Bot', agent: 'Agent' };
/** Nearer to the end than this, a reader is taken for one who wants to see what comes. */
const NEAR_END_PX = 120;

interface TranscriptProps {
  lines: Line[];
  drafts: Draft[];
  now: Date;
  ownName: string;
  onRetry: (draft: Draft) => void;
  onDiscard: (key: string) => void;
}

export function Transcript({ lines, drafts, now, ownName, onRetry, onDiscard }: TranscriptProps) {
  const end = useFollowedEnd(`${lines.at(-1)?.id ?? ''} ${drafts.length}`);
  return (
    <div className="transcript" ref={end} role="log" aria-label="Transcript" tabIndex={0} data-testid="transcript">
      {lines.length === 0 && drafts.length === 0 && <p className="empty">Nothing has been said yet.</p>}
      {lines.map((line, index) => {
        const before = lines[index - 1];
        const newDay = !before || dayOf(before.at, now) !== dayOf(line.at, now);
        const first = newDay || before.author !== line.author || before.agentId !== line.agentId;
        return (
          <Fragment key={line.id}>
            {newDay && <h3 className="day">{dayOf(line.at, now)}</h3>}
            <Bubble line={line} first={first} />
          </Fragment>
        );
      })}
      {drafts.map((draft) => (
        <DraftBubble key={draft.key} draft={draft} name={ownName} onRetry={onRetry} onDiscard={onDiscard} />
      ))}
    </div>
  );
}

/** Keeps the end in sight as it moves on, but not for somebody who reads further up. */
function useFollowedEnd(content: string) {
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useEffect(() => {
    const element = box.current;
    const look = (): void => {
      if (element) follows.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    };
    // A reply of several lines takes room from the transcript; what was in sight stays in sight.
    const resized = new ResizeObserver(() => follows.current && element?.scrollTo({ top: element.scrollHeight }));
    if (element) resized.observe(element);
    element?.addEventListener('scroll', look, { passive: true });
    return () => {
      resized.disconnect();
      element?.removeEventListener('scroll', look);
    };
  }, []);
  useLayoutEffect(() => {
    if (follows.current) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [content]);
  return box;
}

function Bubble({ line, first }: { line: Line; first: boolean }) {
  const { author, agentName, text, at, status, failureReason, choices } = line;
  const label = author === 'agent' && agentName ? agentName : AUTHOR[author];
  return (
    <article
      className="bubble"
      data-author={author}
      data-first={first}
      data-status={status || undefined}
      data-testid={`bubble-${author}`}
    >
      <span className={first ? 'author' : 'sr'}>{label}</span>
      <p dir="auto">{text || <i>No text</i>}</p>
      {choices.length > 0 && (
        <ul className="choices" aria-label="Choices offered">
          {choices.map((choice, index) => (
            <li key={`${index} ${choice}`} dir="auto">
              {choice}
            </li>
          ))}
        </ul>
      )}
      <footer>
        <time dateTime={at} title={fullTimeOf(at)}>
          {timeOf(at)}
        </time>
        {status && (
          <span
            className="ticks"
            data-status={status}
            title={titleOf(status, failureReason)}
            role="img"
            aria-label={titleOf(status, failureReason)}
          >
            <Ticks status={status} />
          </span>
        )}
      </footer>
      {status === 'failed' && <p className="problem">Not delivered{failureReason && ` (${failureReason})`}</p>}
    </article>
  );
}

function titleOf(status: NonNullable<Line['status']>, reason: string): string {
  if (status === '') return '';
  return reason ? `${DELIVERY_LABEL[status]}: ${wordsOf(reason)}` : DELIVERY_LABEL[status];
}

interface DraftBubbleProps {
  draft: Draft;
  name: string;
  onRetry: (draft: Draft) => void;
  onDiscard: (key: string) => void;
}

/** A reply the transcript does not hold yet. It looks like one, so that nothing jumps when it does. */
function DraftBubble({ draft, name, onRetry, onDiscard }: DraftBubbleProps) {
  const failed = draft.state === 'failed';
  return (
    <article className="bubble draft" data-author="agent" data-first data-failed={failed} data-testid="draft">
      <span className="author">{name}</span>
      <p dir="auto">{draft.text}</p>
      <footer>
        <time dateTime={draft.at}>{timeOf(draft.at)}</time>
        <span
          className="ticks"
          role="img"
          aria-label={failed ? 'Not sent' : 'Sending'}
          title={failed ? 'Not sent' : 'Sending'}
        >
          <Ticks status={failed ? 'failed' : 'pending'} />
        </span>
      </footer>
      {failed && (
        <div className="problem" role="alert">
          <span>Not sent. {draft.problem}</span>
          <button className="plain" onClick={() => onRetry(draft)} data-testid="reply-retry">
            Try again
          </button>
          <button className="plain" onClick={() => onDiscard(draft.key)}>
            Discard
          </button>
        </div>
      )}
    </article>
  );
}
