import { useEffect, useRef, useState } from 'react';

/** How things stand with the server's news: on the way, heard, or lost. */
export type Link = 'connecting' | 'live' | 'lost';

interface Listener {
  /** A conversation changed; '' when any of them may have. */
  onChange: (id: string) => void;
  onSignedOut: () => void;
}

const RETRY_MS = 3000;

/** Follows the server's news. A browser gives up on a stream that was refused; this does not. */
export function useLive(listener: Listener): Link {
  const [link, setLink] = useState<Link>('connecting');
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => {
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = (): void => {
      source = new EventSource('/api/events');
      source.addEventListener('changed', ({ data }: MessageEvent<string>) =>
        latest.current.onChange((JSON.parse(data) as { id: string }).id),
      );
      source.addEventListener('link', ({ data }: MessageEvent<string>) => {
        const { live } = JSON.parse(data) as { live: boolean };
        setLink(live ? 'live' : 'lost');
        // Whatever happened before the stream was there has to be asked for.
        if (live) latest.current.onChange('');
      });
      source.addEventListener('signed-out', () => latest.current.onSignedOut());
      source.addEventListener('error', () => {
        setLink('lost');
        // Asking says whether the session is over or the desk is away.
        latest.current.onChange('');
        if (source?.readyState !== EventSource.CLOSED) return;
        clearTimeout(timer);
        timer = setTimeout(open, RETRY_MS);
      });
    };
    open();
    return () => {
      clearTimeout(timer);
      source?.close();
    };
  }, []);
  return link;
}
