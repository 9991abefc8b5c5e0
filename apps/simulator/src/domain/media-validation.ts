import { invalid, missing, optionalText, requireText, requireUrl } from './checks.js';
import type { JsonObject } from './json.js';

const CAPTION = 1024;
const WITH_CAPTION = ['image', 'video', 'document'];

/** A media object is given by an uploaded id or by a link, not both. */
export function checkMediaObject(media: JsonObject, path: string): void {
  const { id, link } = media;
  if (id === undefined && link === undefined) throw missing(`${path}id or ${path}link`);
  if (id !== undefined && link !== undefined) throw invalid(`${path}link`, 'cannot be given together with id.');
  if (id === undefined) requireUrl(media, 'link', path);
  else requireText(media, 'id', path, 100);
}

/** @throws GraphFailure when Meta would refuse a message of this media type */
export function checkMedia(type: string, media: JsonObject): void {
  checkMediaObject(media, `${type}.`);
  const caption = optionalText(media, 'caption', `${type}.`, CAPTION);
  if (caption !== undefined && !WITH_CAPTION.includes(type)) throw invalid(`${type}.caption`, 'is not allowed.');
  const filename = optionalText(media, 'filename', `${type}.`, 240);
  if (filename !== undefined && type !== 'document') throw invalid(`${type}.filename`, 'is for documents only.');
}
