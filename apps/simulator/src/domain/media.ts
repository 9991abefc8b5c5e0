import { createHash } from 'node:crypto';
import { GraphFailure } from './graph-errors.js';
import { newObjectId } from './identifiers.js';

export interface MediaObject {
  id: string;
  mimeType: string;
  bytes: Buffer;
  /** The number that may use it. */
  numberId: string;
  expiresAt: number;
}

type MediaKind = 'audio' | 'image' | 'video' | 'document' | 'sticker';

const MB = 1024 * 1024;
const OFFICE = /^application\/(pdf|msword|vnd\.(ms-|openxmlformats-officedocument)\S+)$|^text\/plain$/;
/** What may be uploaded, and how large. */
const KINDS: readonly { kind: MediaKind; mime: RegExp; max: number }[] = [
  { kind: 'audio', mime: /^audio\/(aac|amr|mpeg|mp4|ogg)$/, max: 16 * MB },
  { kind: 'image', mime: /^image\/(jpeg|png)$/, max: 5 * MB },
  { kind: 'video', mime: /^video\/(mp4|3gpp)$/, max: 16 * MB },
  { kind: 'sticker', mime: /^image\/webp$/, max: 500 * 1024 },
  { kind: 'document', mime: OFFICE, max: 100 * MB },
];

export const UPLOADED_LIFE_MS = 30 * 24 * 3_600_000;
export const INBOUND_LIFE_MS = 7 * 24 * 3_600_000;
export const URL_LIFE_MS = 5 * 60_000;
// A stand-in on a laptop, not an archive: the oldest objects go when these bytes are exceeded.
const MAX_BYTES = 256 * MB;

/** @throws GraphFailure 131053 or 100 when Meta would not take the file */
export function checkUpload(mimeType: string, size: number): void {
  const bare = mimeType.split(';')[0]?.trim().toLowerCase() ?? '';
  const kind = KINDS.find(({ mime }) => mime.test(bare));
  if (!kind) {
    const message = 'Param file must be a file with one of the supported types';
    throw new GraphFailure(100, `Received file of type '${bare || 'unknown'}'.`, { message });
  }
  if (size > kind.max) throw new GraphFailure(131053, `A ${kind.kind} is at most ${kind.max} bytes.`);
  if (size === 0) throw new GraphFailure(131053, 'The file is empty.');
}

export function sha256(bytes: Uint8Array, encoding: 'hex' | 'base64'): string {
  return createHash('sha256').update(bytes).digest(encoding);
}

/** Media that the business uploaded or a customer sent. */
export class MediaLibrary {
  private readonly byId = new Map<string, MediaObject>();
  private size = 0;

  add(media: Omit<MediaObject, 'id'>): MediaObject {
    const stored = { ...media, id: newObjectId() };
    this.byId.set(stored.id, stored);
    this.size += stored.bytes.length;
    for (const oldest of this.byId.values()) {
      if (this.size <= MAX_BYTES || oldest === stored) break;
      this.remove(oldest.id);
    }
    return stored;
  }

  find(id: string, now: number): MediaObject | undefined {
    const media = this.byId.get(id);
    return media && media.expiresAt > now ? media : undefined;
  }

  remove(id: string): boolean {
    const media = this.byId.get(id);
    if (!media) return false;
    this.size -= media.bytes.length;
    return this.byId.delete(id);
  }

  clear(): void {
    this.byId.clear();
    this.size = 0;
  }
}
