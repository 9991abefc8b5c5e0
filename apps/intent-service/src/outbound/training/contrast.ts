import { readdirSync, readFileSync } from 'node:fs';
import { isHeldOut, type Utterance } from '../../domain/utterance.js';
import { UTTERANCES } from './utterances.js';

/** Every sixth line, and of these the tenth that the model never learned from: some seven hundred texts. */
const STRIDE = 6;

/**
 * Texts of the intents that the model has, which it has not learned from: what a business's own intents are told apart from. Only
 * the lines that are wanted are read, since a service that starts waits for this.
 */
export function contrastTexts(folder: URL = UTTERANCES): string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
  return files.sort().flatMap((file) =>
    readFileSync(new URL(file, folder), 'utf8')
      .split('\n')
      .filter((line, at) => at % STRIDE === 0 && line !== '')
      .map((line) => JSON.parse(line) as Utterance)
      .filter(isHeldOut)
      .map(({ text }) => text),
  );
}
