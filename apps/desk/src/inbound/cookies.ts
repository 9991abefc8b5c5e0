import type { CookieOptions, Request, Response } from 'express';

/** How browsers reach the desk. */
export interface Transport {
  /** TLS all the way, ended by a trusted proxy: cookies are Secure and plain requests are refused. */
  secure: boolean;
  /** Milliseconds after which the browser may forget the cookie; the server decides by itself. */
  sessionLife: number;
}

// With the prefix a browser takes the cookie over TLS only and for this very host only, which no subdomain can undo.
const nameOf = ({ secure }: Transport): string => (secure ? '__Host-parley_desk' : 'parley_desk');

const optionsOf = ({ secure }: Transport): CookieOptions => ({ httpOnly: true, sameSite: 'strict', secure, path: '/' });

/** The session token a request carries; empty when it carries none. */
export function readToken(req: Request, transport: Transport): string {
  const name = nameOf(transport);
  for (const part of (req.headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return '';
}

/** Gives the browser a token to keep. */
export function giveToken(res: Response, token: string, transport: Transport): void {
  res.cookie(nameOf(transport), token, { ...optionsOf(transport), maxAge: transport.sessionLife });
}

/** Makes the browser forget its token. */
export function takeToken(res: Response, transport: Transport): void {
  res.clearCookie(nameOf(transport), optionsOf(transport));
}
