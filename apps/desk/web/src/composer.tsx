import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import { SendIcon } from './icons.js';

/** What WhatsApp takes in one text, and how near to it the count appears. */
const MOST = 4096;
const COUNT_FROM = 3600;

/** What was begun in each conversation, kept while agents look at others; never written to disk. */
const begun = new Map<string, string>();

/** Puts back what could not be sent because the session was over. */
export function putBack(draftKey: string, text: string): void {
  begun.set(draftKey, [text, begun.get(draftKey)].filter(Boolean).join('\n'));
}

interface ComposerProps {
  /** Under which what was begun is kept: one agent's text is not another's. */
  draftKey: string;
  /** Why nothing can be written; empty when it can. */
  hint: string;
  onSend: (text: string) => void;
}

export function Composer({ draftKey, hint, onSend }: ComposerProps) {
  const [text, setText] = useState(() => begun.get(draftKey) ?? '');
  const input = useRef<HTMLTextAreaElement>(null);
  const enabled = hint === '';
  useEffect(() => {
    begun.set(draftKey, text);
  }, [draftKey, text]);
  useEffect(() => {
    // The agent has just taken over: the next thing is to write.
    if (enabled) input.current?.focus();
  }, [enabled]);

  const submit = (event: FormEvent | KeyboardEvent): void => {
    event.preventDefault();
    if (!enabled || text.trim() === '') return;
    onSend(text.trim());
    setText('');
    input.current?.focus();
  };
  return (
    <form className="composer" onSubmit={submit}>
      <div className="grown" data-text={`${text}\u200b`}>
        <textarea
          ref={input}
          rows={1}
          dir="auto"
          value={text}
          maxLength={MOST}
          disabled={!enabled}
          placeholder={hint || 'Write a reply'}
          aria-label="Reply"
          aria-describedby="reply-hint"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => sends(event) && submit(event)}
          data-testid="reply-input"
        />
      </div>
      <button className="primary send" disabled={!enabled || text.trim() === ''} data-testid="reply-send">
        <SendIcon /> Send
      </button>
      <Hint text={text} hint={hint} />
    </form>
  );
}

/** Enter sends; while an input method composes a character, Enter belongs to it. */
function sends(event: KeyboardEvent): boolean {
  return event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing;
}

function Hint({ text, hint }: { text: string; hint: string }) {
  return (
    <p id="reply-hint" className="soft">
      {hint ? <span className="sr">{hint}</span> : 'Enter sends, Shift + Enter starts a new line'}
      {text.length >= COUNT_FROM && <span className="count-left">{MOST - text.length} characters left</span>}
    </p>
  );
}
