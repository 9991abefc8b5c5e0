import { invalidArgument, type AppError } from '@parley/errors';
import { elements, holdsMore, members, nestsDeeper, whole, type Slice } from './json-slices.js';
import { isJson } from './json-syntax.js';
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
 * levels take a second. What nests deeper is not taken apart.
 */
const MAX_DEPTH = 100_000;

/**
 * The largest webhooks that Meta sends have some ten thousands of values. Millions of them take the parser a second, and more
 * where memory is scarce; what has more is looked through byte by byte, and not taken apart.
 */
const MOST_VALUES = 250_000;

/**
 * More entries and changes than Meta sends by one order of magnitude; a million of them take a second, in which nobody else is
 * answered. What has more is not taken apart.
 */
const MOST_CHANGES = 10_000;

/** What an envelope, an entry and a change are made of; one with more in it is also kept whole. */
const KNOWN = {
  envelope: new Set(['object', 'entry']),
  entry: new Set(['id', 'time', 'changes']),
  change: new Set(['field', 'value']),
};
const OBJECT = 0x7b;
const ARRAY = 0x5b;
const STRING = 0x22;
const ENTRY = new Set(['entry']);
const CHANGES = new Set(['changes']);
const VALUE = new Set(['value']);

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    // The parser's message quotes the body; it stays in `cause`, out of every log line.
    throw Object.assign(notJson(), { cause });
  }
}

const notJson = (): AppError => invalidArgument('WEBHOOK.NOT_JSON', 'The body is not JSON.');
const noEnvelope = (): AppError =>
  invalidArgument('WEBHOOK.NOT_AN_ENVELOPE', 'The body is not an object with `object` and `entry`.');

const wholeChange = (slice: Slice): Change => ({ businessAccountId: '', time: '', field: '', value: undefined, slice });

const hasMore = (object: JsonObject, known: ReadonlySet<string>): boolean =>
  Object.keys(object).some((key) => !known.has(key));

/** An envelope too deep or with too much in it to be parsed, in one piece. */
function unparsed(body: Buffer): Change[] {
  if (!isJson(body)) throw notJson();
  const all = whole(body);
  const parts = body[all.start] === OBJECT ? members(body, all, KNOWN.envelope) : undefined;
  const begins = (name: string): number | undefined => body[parts?.get(name)?.start ?? body.length];
  if (begins('object') !== STRING || begins('entry') !== ARRAY) throw noEnvelope();
  return [wholeChange(all)];
}

/**
 * Reads a webhook body into its changes, in order. Entries and changes of shapes never seen before come back as changes
 * without a value, so that nothing is dropped.
 * @throws AppError INVALID_ARGUMENT `WEBHOOK.NOT_JSON`, `WEBHOOK.NOT_AN_ENVELOPE`
 */
export function readEnvelope(body: Buffer): Change[] {
  if (nestsDeeper(body, MAX_DEPTH) || holdsMore(body, MOST_VALUES)) return unparsed(body);
  const envelope = asObject(parsed(body));
  if (typeof envelope?.['object'] !== 'string' || !Array.isArray(envelope['entry'])) throw noEnvelope();
  if (holdsTooMany(envelope['entry'])) return [wholeChange(whole(body))];
  const entrySlice = members(body, whole(body), ENTRY).get('entry');
  const slices = entrySlice ? elements(body, entrySlice) : [];
  const changes = envelope['entry'].flatMap((entry: unknown, n) => {
    const slice = slices[n];
    return slice ? changesOf(body, entry, slice) : [];
  });
  if (hasMore(envelope, KNOWN.envelope)) changes.push(wholeChange(whole(body)));
  return changes;
}

function holdsTooMany(entries: readonly unknown[]): boolean {
  let count = entries.length;
  if (count > MOST_CHANGES) return true;
  for (const entry of entries) count += asArray(asObject(entry)?.['changes']).length;
  return count > MOST_CHANGES;
}

/** Whether a text says all that a member did: not if that was no text, too long or not to be stored. */
function saidBy(text: string, member: unknown): boolean {
  return member === undefined
    ? text === ''
    : text === member || (typeof member === 'number' && text === String(member));
}

function changesOf(body: Buffer, untrusted: unknown, slice: Slice): Change[] {
  const entry = asObject(untrusted);
  const base = { businessAccountId: asText(entry?.['id'], 128), time: asText(entry?.['time'], 32) };
  const unknown = { ...base, field: '', value: undefined };
  if (!entry || !Array.isArray(entry['changes'])) return [{ ...unknown, slice }];
  const changesSlice = members(body, slice, CHANGES).get('changes');
  const slices = changesSlice ? elements(body, changesSlice) : [];
  const changes = asArray(entry['changes']).flatMap((candidate, n): Change[] => {
    const at = slices[n];
    if (!at) return [];
    const change = asObject(candidate);
    const value = asObject(change?.['value']);
    const valueSlice = value && members(body, at, VALUE).get('value');
    const field = asText(change?.['field'], 128);
    if (typeof change?.['field'] !== 'string' || !saidBy(field, change['field']) || !valueSlice)
      return [{ ...unknown, field, slice: at }];
    const known = { ...base, field, value, slice: valueSlice };
    return hasMore(change, KNOWN.change) ? [known, { ...unknown, field, slice: at }] : [known];
  });
  const misread = !saidBy(base.businessAccountId, entry['id']) || !saidBy(base.time, entry['time']);
  return misread || hasMore(entry, KNOWN.entry) ? [...changes, { ...unknown, slice }] : changes;
}
