import type { MediaAction } from './customer-messages.js';

// A PNG of one pixel.
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const PDF =
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n';

/** What a customer shares when nobody says which file: small, and of the right type by name. */
export const SAMPLES: Readonly<Record<MediaAction['type'], { mimeType: string; bytes: Buffer }>> = {
  image: { mimeType: 'image/png', bytes: Buffer.from(PIXEL, 'base64') },
  document: { mimeType: 'application/pdf', bytes: Buffer.from(PDF, 'ascii') },
  audio: { mimeType: 'audio/ogg; codecs=opus', bytes: Buffer.from('OggS-sample', 'ascii') },
  video: { mimeType: 'video/mp4', bytes: Buffer.from('ftypmp42-sample', 'ascii') },
  sticker: { mimeType: 'image/webp', bytes: Buffer.from('RIFF-sample-WEBP', 'ascii') },
};
