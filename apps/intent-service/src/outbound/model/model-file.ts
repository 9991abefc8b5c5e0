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

interface Written extends ModelHeader {
  heads: Record<keyof Heads, Omit<Weights, 'rows'>>;
}

/** Where the model of the service lies. */
export const MODEL_FILE = new URL('../../../model/intent.model', import.meta.url);
const ORDER = ['intent', 'language'] as const;
const LENGTH_BYTES = 4;

/** Both models as one compressed file: length of the header, the header as JSON, then the rows of each. */
export function writeModel(heads: Heads, header: ModelHeader): Buffer {
  const described = { intent: without(heads.intent.weights), language: without(heads.language.weights) };
  const json = Buffer.from(JSON.stringify({ ...header, heads: described } satisfies Written));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(json.length);
  const rows = ORDER.map((name) => Buffer.from(heads[name].weights.rows.buffer));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 };
  return brotliCompressSync(Buffer.concat([length, json, ...rows]), { params });
}

function without({ labels, buckets, step, biases, temperature }: Weights): Omit<Weights, 'rows'> {
  return { labels, buckets, step, biases, temperature };
}

/** Reads what `writeModel` wrote. @throws AppError INTERNAL `INTENT.MODEL_BROKEN` */
export function readModel(file: Buffer): Heads & { header: ModelHeader } {
  try {
    const bytes = brotliDecompressSync(file);
    const start = LENGTH_BYTES + bytes.readUInt32LE();
    const { heads, ...header } = JSON.parse(bytes.toString('utf8', LENGTH_BYTES, start)) as Written;
    const size = ({ buckets, labels }: Omit<Weights, 'rows'>): number => buckets * labels.length;
    const rowsOf = (from: number, head: Omit<Weights, 'rows'>): LinearModel => {
      const rows = new Int8Array(bytes.buffer, bytes.byteOffset + from, size(head));
      return new LinearModel({ ...head, rows });
    };
    const intent = rowsOf(start, heads.intent);
    return { header, intent, language: rowsOf(start + size(heads.intent), heads.language) };
  } catch (cause) {
    const message = 'The model file is damaged; npm run train writes a new one.';
    throw new AppError({ code: 'INTERNAL', reason: 'INTENT.MODEL_BROKEN', message, cause });
  }
}
