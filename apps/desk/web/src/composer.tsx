import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import { SendIcon } from './icons.js';

/** What WhatsApp takes in one text, and how near to it the count appears. */
const MOST = 4096;
const COUNT_FROM = 3600;

/** What was begun in each conversation, kept while agents look at others; never written to disk. */
const begun = new Map<string, string>();

interface ComposerProps {
  conversationId: string;
  /** Why nothing can be written; empty when it can. */
  hint: string;
  onSend: (text: string) => void;
}

export function Composer({ conversationId, hint, onSend }: ComposerProps) {
  const [text, setText] = useState(() => begun.get(conversationId) ?? '');
  const input = useRef<HTMLTextAreaElement>(null);
  const enabled = hint === '';
  useEffect(() => {
    begun.set(conversationId, text);
  }, [conversationId, text]);
  useEffect(() => {
    // The agent has just taken over: the next thing is to write.
    if (enabled) input.current?.focus();
  }, [enabled]);

  const send = (): void => {
    if (!enabled || text.trim() === '') return;
    onSend(text.trim());
    setText('');
    input.current?.focus();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    send();
  };
  const keys = (event: KeyboardEvent): void => {
    // While an input method composes a character, Enter belongs to it.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
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
          onKeyDown={keys}
          data-testid="reply-input"
        />
      </div>
      <button className="primary send" disabled={!enabled || text.trim() === ''} data-testid="reply-send">
        <SendIcon /> Send
      </button>
      <p id="reply-hint" className="soft">
        {enabled ? 'Enter sends, Shift + Enter starts a new line' : hint}
        {text.length >= COUNT_FROM && <span className="count-left">{MOST - text.length} characters left</span>}
      </p>
    </form>
  );
}
