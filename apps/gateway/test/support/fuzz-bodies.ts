import fc from 'fast-check';

/** Stands in a generated body where a mark of its own will stand: what is marked must be found in the log again. */
const MARK = '@mark@';

/** A body and what is known about it without asking the gateway's own code. */
export interface FuzzBody {
  text: string;
  status: 200 | 400;
  /** Must be found in what was kept, each at least once. */
  marks: string[];
  /** Message ids: exactly one record each. */
  ids: string[];
}

const names = fc.constantFrom(
  'id',
  'field',
  'value',
  'changes',
  'messages',
  'statuses',
  'entry',
  'object',
  '__proto__',
  'constructor',
  'toString',
  'length',
  'ключ',
  '\u0000',
  '\ud800',
  'text',
  'a"b\\',
  '',
);
const scalar = fc.oneof(
  { weight: 4, arbitrary: fc.constant(MARK) },
  fc.constantFrom(null, true, false, 0, -0, 1e308, 5e-324, 2 ** 53 + 2, -1, 0.1),
  fc.constantFrom(
    '',
    '\u0000',
    '\ud800',
    '\udfff x',
    '\u202e\u2066abc',
    '\ufeff',
    '"}]',
    '\\',
    '\u2028',
    '😀'.repeat(20),
  ),
  fc.string({ maxLength: 12 }),
  fc.integer(),
);
const json = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(names, tie('any'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).any;
const extra = fc.option(
  fc.dictionary(fc.constantFrom('hologram', 'x-1', '__proto__', 'constructor', 'новое'), json, {
    maxKeys: 2,
    noNullPrototype: true,
  }),
  { nil: {}, freq: 3 },
);
const orJson = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 6, arbitrary }, { weight: 1, arbitrary: json });
const types = fc.constantFrom(
  'text',
  'image',
  'interactive',
  'reaction',
  'location',
  'system',
  'order',
  'telepathy',
  '',
  '__proto__',
);
const when = fc.oneof(fc.constantFrom('1763800000', 1_763_800_000, '-1', 'soon', 1e300, 253_402_300_800, null), json);
const id = fc.oneof({ weight: 5, arbitrary: fc.constant(`wamid.${MARK}`) }, json);

const merged = (base: fc.Arbitrary<object>): fc.Arbitrary<object> =>
  fc.tuple(base, extra).map(([own, more]) => ({ ...more, ...own }));
const message = merged(
  fc
    .tuple(
      fc.record(
        { id, from: orJson(fc.constant('491701234567')), timestamp: when, type: orJson(types) },
        { requiredKeys: [] },
      ),
      types,
      json,
    )
    .map(([base, type, part]) => ({ [type]: part, ...base })),
);
const status = merged(
  fc.record(
    {
      id,
      status: orJson(fc.constantFrom('sent', 'read', 'failed', 'future')),
      recipient_id: orJson(fc.constant('49170')),
      timestamp: when,
      errors: json,
    },
    { requiredKeys: ['id'] },
  ),
);
const metadata = fc.constant({ display_phone_number: '4930111222', phone_number_id: '106540352242922' });
const value = merged(
  fc.record(
    {
      messaging_product: fc.constant('whatsapp'),
      metadata,
      contacts: fc.constant([{ profile: { name: 'Ada' }, wa_id: '491701234567' }]),
      messages: orJson(fc.array(orJson(message), { maxLength: 4 })),
      statuses: orJson(fc.array(orJson(status), { maxLength: 3 })),
      errors: orJson(fc.array(json, { maxLength: 2 })),
      user_preferences: orJson(fc.array(json, { maxLength: 2 })),
    },
    { requiredKeys: ['metadata'] },
  ),
);
const field = orJson(
  fc.constantFrom('messages', 'messages', 'messages', 'standby', 'user_preferences', 'holograms', 'account_update'),
);
const change = merged(fc.record({ field, value: orJson(value) }));
const entry = merged(
  fc.record(
    {
      id: fc.constant('102290129340398'),
      time: fc.constantFrom(1_763_800_000, '1'),
      changes: orJson(fc.array(orJson(change), { maxLength: 3 })),
    },
    { requiredKeys: ['id'] },
  ),
);
const envelope = merged(
  fc.record({ object: fc.constant('whatsapp_business_account'), entry: fc.array(orJson(entry), { maxLength: 3 }) }),
);

type Writing = 'plain' | 'spaced' | 'escaped' | 'doubled' | 'cut' | 'garbage after';
const writing = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Writing>('plain') },
  { weight: 6, arbitrary: fc.constantFrom<Writing>('spaced', 'escaped', 'doubled') },
  { weight: 1, arbitrary: fc.constantFrom<Writing>('cut', 'garbage after') },
);

/** Any webhook, nearly any other JSON, some of it broken. */
export const fuzzBody = fc.tuple(fc.oneof({ weight: 24, arbitrary: envelope }, json), writing);

function written(text: string, how: Writing): string {
  switch (how) {
    case 'spaced':
      return JSON.stringify(JSON.parse(text), null, '\t ');
    case 'escaped':
      return text.replaceAll(/[a-z]+(?=":)/g, (name) => `\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}`);
    case 'doubled':
      return text.startsWith('{"') ? `{"object":1,"entry":0,${text.slice(1)}` : text;
    case 'cut':
      return text.slice(0, -1);
    case 'garbage after':
      return `${text},`;
    default:
      return text;
  }
}

function effective(text: string): { object?: unknown; entry?: unknown } | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Gives every mark a number of its own, and says what has to become of the body. */
export function bodyOf([tree, how]: [unknown, Writing], number: number): FuzzBody {
  let count = 0;
  const marked = JSON.stringify(tree).replaceAll(MARK, () => `@${number}-${count++}@`);
  const text = written(marked, how);
  const envelope = effective(text);
  const accepted = typeof envelope?.object === 'string' && Array.isArray(envelope.entry);
  const kept = accepted ? JSON.stringify(envelope) : '';
  const marks = [...kept.matchAll(/@\d+-\d+@/g)].map(([mark]) => mark);
  return { text, status: accepted ? 200 : 400, marks: [...new Set(marks)], ids: accepted ? idsIn(envelope) : [] };
}

interface Loose {
  [name: string]: unknown;
}
const list = (found: unknown): Loose[] =>
  Array.isArray(found)
    ? (found as unknown[]).map((one) =>
        typeof one === 'object' && one !== null && !Array.isArray(one) ? (one as Loose) : {},
      )
    : [];

/** Ids of messages in the places where Meta puts messages, written as Meta writes them. */
function idsIn(envelope: Loose): string[] {
  const values = list(envelope['entry'])
    .flatMap(({ changes }) => list(changes))
    .filter(({ field: name }) => name === 'messages' || name === 'standby');
  return values
    .flatMap(({ value: inside }) => list([inside]).flatMap(({ messages }) => list(messages)))
    .flatMap(({ id: found }) => (typeof found === 'string' && /^wamid\.@\d+-\d+@$/.test(found) ? [found] : []));
}
