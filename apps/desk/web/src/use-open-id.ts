import { useCallback, useSyncExternalStore } from 'react';

const read = (): string => decodeURIComponent(location.hash.slice(1));

function subscribe(onChange: () => void): () => void {
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
}

/** The open conversation is part of the address: reloading, the back button and a link sent to a colleague work. */
export function useOpenId(): [string, (id: string) => void] {
  const id = useSyncExternalStore(subscribe, read);
  const open = useCallback((next: string) => {
    location.hash = encodeURIComponent(next);
  }, []);
  return [id, open];
}
