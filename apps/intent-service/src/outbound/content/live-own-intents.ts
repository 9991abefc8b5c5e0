import { watch, type FSWatcher } from 'node:fs';
import type { Logger } from '@parley/telemetry';
import type { OwnIntent } from '../../domain/own/own-intent.js';
import type { OwnIntents } from '../../domain/own/own-intents.js';
import { usableIntents } from './own-intents-folder.js';

/** An editor writes several files, and each of them more than once. */
const QUIET_MS = 500;

/** How own intents are learned, and the names they may not have. */
export interface Teacher {
  readonly builtIn: readonly string[];
  learn(intents: readonly OwnIntent[]): OwnIntents;
}

/** The own intents in force. They change when the folder does; what cannot be used is reported, and those before stay. */
export class LiveOwnIntents {
  private watcher: FSWatcher | undefined;
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly folder: string,
    private readonly teacher: Teacher,
    private readonly log: Logger,
    private learned: OwnIntents,
  ) {}

  /** @throws AppError `INTENT.OWN_INTENTS_BROKEN` with everything that is wrong */
  static async open(folder: string, teacher: Teacher, log: Logger): Promise<LiveOwnIntents> {
    const intents = await usableIntents(folder, teacher.builtIn);
    const live = new LiveOwnIntents(folder, teacher, log, teacher.learn([]));
    if (intents.length > 0) live.learn(intents);
    live.watcher = watch(folder, { recursive: true, persistent: false }, () => live.changed());
    live.watcher.on('error', (err) => log.warn({ err }, 'The content folder is no longer watched'));
    return live;
  }

  get current(): OwnIntents {
    return this.learned;
  }

  close(): void {
    this.watcher?.close();
    clearTimeout(this.timer);
  }

  private changed(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.reload(), QUIET_MS).unref();
  }

  private async reload(): Promise<void> {
    try {
      const intents = await usableIntents(this.folder, this.teacher.builtIn);
      if (JSON.stringify(intents) !== JSON.stringify(this.learned.intents)) this.learn(intents);
    } catch (err) {
      this.log.error({ err }, 'The changed own intents cannot be used; those before stay in force');
    }
  }

  private learn(intents: readonly OwnIntent[]): void {
    const began = performance.now();
    this.learned = this.teacher.learn(intents);
    const examples = intents.reduce((sum, each) => sum + each.examples.length, 0);
    this.log.info(
      { intents: intents.length, examples, ms: Math.round(performance.now() - began) },
      'Own intents learned',
    );
  }
}
