import type { IncomingMessage } from 'node:http';
import type { BodyBudget } from './body-budget.js';

/** What reading a body came to. */
export type Body = Buffer | 'too-large' | 'too-slow' | 'too-much' | 'aborted';

/** Bounds of reading a body. */
export interface BodyBounds {
  limit: number;
  timeoutMs: number;
  /** Of all bodies together. */
  budget: BodyBudget;
}

/**
 * Reads the raw bytes of a request, never more than `limit` of them. A declared length beyond the limit is refused before a
 * byte is read, an undeclared one as soon as it is passed. Whoever gets a body gives its bytes back to the budget.
 */
export function readBody(request: IncomingMessage, { limit, timeoutMs, budget }: BodyBounds): Promise<Body> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limit) return Promise.resolve('too-large');
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => finish('too-slow'), timeoutMs);
    const finish = (body: Body): void => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      // The stream may fail after we have turned away from it; that is nobody's business any more.
      request.on('error', ignore);
      if (!Buffer.isBuffer(body)) budget.release(size);
      chunks.length = 0;
      resolve(body);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      const room = budget.take(chunk.length, size);
      if (size > limit) finish('too-large');
      else if (!room) finish('too-much');
      else chunks.push(chunk);
    };
    const onEnd = (): void => finish(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size));
    const onClose = (): void => finish('aborted');
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', ignore);
  });
}

function ignore(): void {
  return undefined;
}
