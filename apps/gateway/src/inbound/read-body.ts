import type { IncomingMessage } from 'node:http';

/** What reading a body came to. */
export type Body = Buffer | 'too-large' | 'too-slow' | 'aborted';

/**
 * Reads the raw bytes of a request, never more than `limit` of them. A declared length beyond the limit is refused before a
 * byte is read, an undeclared one as soon as it is passed.
 */
export function readBody(request: IncomingMessage, limit: number, timeoutMs: number): Promise<Body> {
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
      resolve(body);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) finish('too-large');
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
