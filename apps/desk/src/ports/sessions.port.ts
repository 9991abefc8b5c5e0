import type { Session, SessionLimits } from '../domain/session.js';

/** Who is signed in, on the server. */
export abstract class Sessions {
  abstract start(session: Session): Promise<void>;

  /** Whether or not it is still alive; undefined when there is none. */
  abstract find(tokenHash: Buffer): Promise<Session | undefined>;

  /** Writes down that it was used. Does nothing for a session that is gone. */
  abstract touch(tokenHash: Buffer, now: Date): Promise<void>;

  /** Ends one session. Does nothing when it is gone. */
  abstract end(tokenHash: Buffer): Promise<void>;

  /** Removes what is no longer alive and returns how many there were. */
  abstract purge(now: Date, limits: SessionLimits): Promise<number>;
}
