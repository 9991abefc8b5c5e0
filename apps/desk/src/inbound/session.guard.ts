import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Account } from '../domain/account.js';
import { foreignRequest } from '../domain/errors.js';
import { isCsrfToken } from '../domain/session.js';
import { CheckSession } from '../usecases/check-session.js';
import { readToken, type Transport } from './cookies.js';

/** What guards and controllers need to know about the way in; put together in the composition root. */
export abstract class Doorway {
  abstract readonly transport: Transport;
  /** For the sign-in page of a demonstration, while everybody may know the password; null otherwise. */
  abstract demo: { email: string; password: string } | null;
}

/** A request of somebody who is signed in. */
export interface SignedInRequest extends Request {
  account: Account;
  token: string;
}

const READS = new Set(['GET', 'HEAD']);

/**
 * Refuses what another site may have made the browser send. Browsers say in `Origin` where a request comes from, and no page
 * can change that or `Sec-Fetch-Site`, which answers where the first is left out.
 */
export function requireOwnOrigin(req: Request): void {
  if (READS.has(req.method)) return;
  const { origin, 'sec-fetch-site': site } = req.headers;
  const own = origin === undefined ? site === 'same-origin' : origin === `${req.protocol}://${req.host}`;
  if (!own) throw foreignRequest();
}

/** Lets in who is signed in; for anything but reading also asks for the token that only the desk's own page knows. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly sessions: CheckSession,
    private readonly doorway: Doorway,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const req = context.switchToHttp().getRequest<SignedInRequest>();
    requireOwnOrigin(req);
    const token = readToken(req, this.doorway.transport);
    req.account = await this.sessions.run(token);
    req.token = token;
    if (!READS.has(req.method) && !isCsrfToken(req.get('x-csrf-token') ?? '', token)) throw foreignRequest();
    return true;
  }
}
