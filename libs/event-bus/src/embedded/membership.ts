import { AppError } from '@parley/errors';
import type { Database } from '@parley/postgres';
import { passing } from '@parley/resilience';
import type { Logger } from '@parley/telemetry';
import { heartbeat } from './claim-client.js';
import type { EmbeddedMember } from './embedded-member.js';

/** Well below the lease, so that two lost heartbeats cost nothing. */
const HEARTBEAT_MS = 1000;

/** Keeps this process's members alive and tells them what they hold: one statement a second, more when a group changes. */
export class Membership {
  readonly members = new Set<EmbeddedMember<never>>();
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #again = false;
  #closed = false;
  #away = false;

  constructor(
    private readonly db: Database,
    private readonly logger: Logger,
  ) {}

  /** Beats now, or right after the beat under way. */
  kick(): void {
    if (this.#beating) this.#again = true;
    else this.#start();
  }

  /** Resolves when the beat under way, if any, is over. */
  async settled(): Promise<void> {
    await this.#beating;
  }

  /** A group changed somewhere. */
  changed(group: string): void {
    for (const { id } of this.members) if (id.group === group) return this.kick();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#beating;
  }

  #start(): void {
    clearTimeout(this.#timer);
    if (this.#closed || this.members.size === 0) return;
    this.#again = false;
    this.#beating = this.#beat().finally(() => {
      this.#beating = undefined;
      if (this.#again) this.#start();
      else if (!this.#closed) this.#timer = setTimeout(() => this.#start(), HEARTBEAT_MS);
    });
  }

  async #beat(): Promise<void> {
    const members = [...this.members];
    try {
      const held = await heartbeat(
        this.db,
        members.map(({ id, closing }) => ({ ...id, leaving: closing })),
      );
      await passing('event-bus.heartbeat.told');
      for (const member of members) if (!member.closing) member.apply(held.get(member.id.member) ?? []);
      this.#away = false;
    } catch (thrown) {
      const { reason } = AppError.from(thrown);
      if (!this.#away) this.logger.warn({ reason }, 'Heartbeats of consumers do not get through');
      this.#away = true;
    }
  }
}
