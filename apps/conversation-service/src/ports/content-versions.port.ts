import type { ContentDocuments } from '../domain/content.js';

/** Content that was in force, by version. */
export abstract class ContentVersions {
  /** Writes a version down, or that it is in force again. */
  abstract keep(version: string, documents: ContentDocuments): Promise<void>;

  /** The latest versions, oldest first. */
  abstract latest(limit: number): Promise<ContentDocuments[]>;
}
