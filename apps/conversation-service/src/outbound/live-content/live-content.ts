import { watch, type FSWatcher } from 'node:fs';
import type { Logger } from '@parley/telemetry';
import { ContentSnapshot } from '../../domain/content-snapshot.js';
import type { ContentVersions } from '../../ports/content-versions.port.js';
import { loadContent } from '../content/content-folder.js';

/** Older versions that conversations may still be running on. */
const REMEMBERED = 5;

/** An editor writes several files, and each of them more than once. */
const QUIET_MS = 500;

/** The content in force. It changes when the folder does; what cannot be used is reported, and the version before stays. */
export class LiveContent {
  private watcher: FSWatcher | undefined;
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly folder: string,
    private readonly versions: ContentVersions,
    private readonly log: Logger,
    private snapshot: ContentSnapshot,
  ) {}

  /** @throws ContentError with everything that is wrong */
  static async open(folder: string, versions: ContentVersions, log: Logger): Promise<LiveContent> {
    let previous: ContentSnapshot | null = null;
    for (const documents of await versions.latest(REMEMBERED)) previous = ContentSnapshot.fromJSON(documents, previous);
    const snapshot = await loadContent(folder, previous);
    await versions.keep(snapshot.version, snapshot.toJSON());
    const content = new LiveContent(folder, versions, log, snapshot);
    content.watcher = watch(folder, { recursive: true, persistent: false }, () => content.changed());
    content.watcher.on('error', (err) => log.warn({ err }, 'The content folder is no longer watched'));
    return content;
  }

  get current(): ContentSnapshot {
    return this.snapshot;
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
      const fresh = await loadContent(this.folder, this.snapshot);
      if (fresh === this.snapshot) return;
      await this.versions.keep(fresh.version, fresh.toJSON());
      this.snapshot = fresh;
      this.log.info({ version: fresh.version }, 'Content loaded');
    } catch (err) {
      this.log.error({ err }, 'The changed content cannot be used; the version before stays in force');
    }
  }
}
