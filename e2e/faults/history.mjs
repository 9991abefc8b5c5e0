// The history of a run: one JSON line for everything that was asked of the system and everything seen of it from outside.
import { createWriteStream } from 'node:fs';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

export class History {
  records = [];
  #file;

  constructor(path) {
    this.path = path;
    this.#file = createWriteStream(path);
  }

  /** @param {{ t: string } & Record<string, unknown>} record */
  add(record) {
    const stored = { at: Date.now(), ...record };
    this.records.push(stored);
    this.#file.write(`${JSON.stringify(stored)}\n`);
    return stored;
  }

  close() {
    return new Promise((resolve) => this.#file.end(resolve));
  }
}

/** @returns {Promise<object[]>} */
export async function readHistory(path) {
  const records = [];
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (line.trim() !== '') records.push(JSON.parse(line));
  }
  return records;
}
