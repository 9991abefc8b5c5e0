import type { IncomingMessage } from 'node:http';

/** A word of a route, or an id of ours (UUID). Anything else in a path may be a token, a number, a name. */
const PLAIN = /^(?:[a-z][a-z-]{0,30}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The path of a request as a span may tell it. */
export function safePath(url: string): string {
  const [path = ''] = url.split('?', 1);
  const segments = path.split('/').map((segment) => (segment === '' || PLAIN.test(segment) ? segment : '…'));
  return segments.slice(0, 12).join('/');
}

/**
 * Attributes of a server span instead of those the instrumentation takes from the request. Query strings hold the verify token;
 * addresses and headers are whatever somebody sent.
 */
export function incomingAttributes({ url = '' }: Pick<IncomingMessage, 'url'>): Record<string, string | undefined> {
  return {
    'url.path': safePath(url),
    'url.query': undefined,
    'client.address': undefined,
    'user_agent.original': undefined,
  };
}
