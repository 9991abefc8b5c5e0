import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { AppError } from '@parley/errors';
import { LinearModel, type Weights } from '../../domain/linear-model.js';

/** The two models of the service. */
export interface Heads {
  intent: LinearModel;
  language: LinearModel;
}

/** What the file says of itself. */
export interface ModelHeader {
  format: 1;
  /** SHA-256 of the data it was trained from. */
  data: string;
  seed: number;
}

/** A head as the header describes it; its keys and rows follow the header. */
type Described = Omit<Weights, 'rows' | 'keys'> & { features: number };

interface Written extends ModelHeader {
  heads: Record<keyof Heads, Described>;
}

/** Where the model of the service lies. */
export const MODEL_FILE = new URL('../../../model/intent.model', import.meta.url);
const ORDER = ['intent', 'language'] as const;
const LENGTH_BYTES = 4;
const KEY_BYTES = 4;

/** Both models as one compressed file: length of the header, the header as JSON, then of each the features and the rows. */
export function writeModel(heads: Heads, header: ModelHeader): Buffer {
  const described = { intent: describe(heads.intent.weights), language: describe(heads.language.weights) };
  const json = Buffer.from(JSON.stringify({ ...header, heads: described } satisfies Written));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(json.length);
  const parts = ORDER.flatMap((name) => {
    const { keys, rows } = heads[name].weights;
    return [planesOf(keys), Buffer.from(rows.buffer, rows.byteOffset, rows.length)];
  });
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 };
  return brotliCompressSync(Buffer.concat([length, json, ...parts]), { params });
}

function describe({ labels, keys, step, biases, temperature }: Weights): Described {
  return { labels, features: keys.length, step, biases, temperature };
}

/** First the highest byte of every key, then the next: of keys in ascending order the highest bytes compress to nothing. */
function planesOf(keys: Int32Array): Buffer {
  const planes = Buffer.alloc(keys.length * KEY_BYTES);
  keys.forEach((key, at) => {
    for (let plane = 0; plane < KEY_BYTES; plane += 1) planes[plane * keys.length + at] = key >>> (24 - 8 * plane);
  });
  return planes;
}

function keysOf(planes: Buffer): Int32Array {
  const count = planes.length / KEY_BYTES;
  const byte = (plane: number, at: number): number => planes[plane * count + at] ?? 0;
  return new Int32Array(count).map(
    (_, at) => (byte(0, at) << 24) | (byte(1, at) << 16) | (byte(2, at) << 8) | byte(3, at),
  );
}

/** Reads what `writeModel` wrote. @throws AppError INTERNAL `INTENT.MODEL_BROKEN` */
export function readModel(file: Buffer): Heads & { header: ModelHeader } {
  try {
    const bytes = brotliDecompressSync(file);
    let at = LENGTH_BYTES + bytes.readUInt32LE();
    const { heads, ...header } = JSON.parse(bytes.toString('utf8', LENGTH_BYTES, at)) as Written;
    const next = (size: number): Buffer => bytes.subarray(at, (at += size));
    const read = ({ features, ...head }: Described): LinearModel => {
      const keys = keysOf(next(features * KEY_BYTES));
      const rows = next(features * head.labels.length);
      return new LinearModel({ ...head, keys, rows: new Int8Array(rows.buffer, rows.byteOffset, rows.length) });
    };
    return { header, intent: read(heads.intent), language: read(heads.language) };
  } catch (cause) {
    const message = 'The model file is damaged; npm run train writes a new one.';
    throw new AppError({ code: 'INTERNAL', reason: 'INTENT.MODEL_BROKEN', message, cause });
  }
}
