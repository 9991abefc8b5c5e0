import { invalidArgument } from '@parley/errors';
import { elements, members, nestsDeeper, whole, type Slice } from './json-slices.js';
import { asArray, asObject, asText, type JsonObject } from './json-values.js';

/** One `changes[]` element of a webhook, parsed and as bytes. */
export interface Change {
  businessAccountId: string;
  /** Entry time as text; empty for most messages. */
  time: string;
  field: string;
  /** Undefined when the value is no object. */
  value: JsonObject | undefined;
  /** Where the value stands; where the whole change (or entry) stands when it has none. */
  slice: Slice;
}

/**
 * Deeper than anything Meta sends by three orders of magnitude, and shallow enough to be parsed in milliseconds; two million
 * levels take a second.
 */
const MAX_DEPTH = 100_000;

const ENTRY = new Set(['entry']);
const CHANGES = new Set(['changes']);
const VALUE = new Set(['value']);

function parsed(body: Buffer): unknown {
  if (nestsDeeper(body, MAX_DEPTH)) throw invalidArgument('WEBHOOK.TOO_DEEP', 'The body nests too deep.');
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    // The parser's message quotes the body; it stays in `cause`, out of every log line.
    throw Object.assign(invalidArgument('WEBHOOK.NOT_JSON', 'The body is not JSON.'), { cause });
  }
}

/**
 * Reads a webhook body into its changes, in order. Entries and changes of shapes never seen before come back as changes
 * without a value, so that nothing is dropped.
 * @throws AppError INVALID_ARGUMENT `WEBHOOK.NOT_JSON`, `WEBHOOK.TOO_DEEP`, `WEBHOOK.NOT_AN_ENVELOPE`
 */
export function readEnvelope(body: Buffer): Change[] {
  const envelope = asObject(parsed(body));
  if (typeof envelope?.['object'] !== 'string' || !Array.isArray(envelope['entry'])) {
    throw invalidArgument('WEBHOOK.NOT_AN_ENVELOPE', 'The body is not an object with `object` and `entry`.');
  }
  const entrySlice = members(body, whole(body), ENTRY).get('entry');
  if (!entrySlice) return [];
  const slices = elements(body, entrySlice);
  return envelope['entry'].flatMap((entry: unknown, n) => {
    const slice = slices[n];
    return slice ? changesOf(body, entry, slice) : [];
  });
}

function changesOf(body: Buffer, untrusted: unknown, slice: Slice): Change[] {
  const entry = asObject(untrusted);
  const base = { businessAccountId: asText(entry?.['id'], 128), time: asText(entry?.['time'], 32) };
  const unknown = { ...base, field: '', value: undefined };
  if (!entry || !Array.isArray(entry['changes'])) return [{ ...unknown, slice }];
  const changesSlice = members(body, slice, CHANGES).get('changes');
  const slices = changesSlice ? elements(body, changesSlice) : [];
  return asArray(entry['changes']).flatMap((candidate, n): Change[] => {
    const at = slices[n];
    if (!at) return [];
    const change = asObject(candidate);
    const value = asObject(change?.['value']);
    const valueSlice = value && members(body, at, VALUE).get('value');
    const field = asText(change?.['field'], 128);
    return [valueSlice ? { ...base, field, value, slice: valueSlice } : { ...unknown, field, slice: at }];
  });
}
