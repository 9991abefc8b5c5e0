import { GraphFailure, noSuchObject } from '../domain/graph-errors.js';
import type { JsonObject } from '../domain/json.js';
import { checkUpload, sha256, UPLOADED_LIFE_MS, URL_LIFE_MS, type MediaObject } from '../domain/media.js';
import type { World } from '../domain/world.js';
import type { Clock } from '../ports/clock.port.js';

/** The media half of the Graph API. */
export class ManageMedia {
  constructor(
    private readonly world: World,
    private readonly clock: Clock,
  ) {}

  upload(numberId: string, mimeType: string, bytes: Buffer): JsonObject {
    checkUpload(mimeType, bytes.length);
    const expiresAt = this.clock.now() + UPLOADED_LIFE_MS;
    return { id: this.world.media.add({ mimeType, bytes, numberId, expiresAt }).id };
  }

  /** Where to get the bytes; `origin` is how the caller reaches this server. Undefined when it is no media id. */
  info(id: string, origin: string): JsonObject | undefined {
    const media = this.world.media.find(id, this.clock.now());
    if (!media) return undefined;
    const expires = this.clock.now() + URL_LIFE_MS;
    return {
      messaging_product: 'whatsapp',
      url: `${origin}/whatsapp_business/attachments/?mid=${media.id}&source=getMedia&ext=${expires}`,
      mime_type: media.mimeType,
      sha256: sha256(media.bytes, 'hex'),
      file_size: media.bytes.length,
      id: media.id,
    };
  }

  /** @throws GraphFailure with 404 when the address is too old */
  download(id: string, expires: number): MediaObject {
    const now = this.clock.now();
    const media = expires >= now ? this.world.media.find(id, now) : undefined;
    if (!media) throw new GraphFailure(100, undefined, { http: 404, message: 'URL signature expired' });
    return media;
  }

  remove(id: string): JsonObject {
    if (!this.world.media.remove(id)) throw noSuchObject('DELETE', id);
    return { success: true };
  }
}
