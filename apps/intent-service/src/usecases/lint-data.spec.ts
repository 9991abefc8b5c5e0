import type { Finding, Line } from '../domain/lint-finding.js';
import { hardFaults, lintData } from './lint-data.js';

let line = 0;
const said = (text: string, intent: string, rest: object = {}): Line => ({
  file: 'en.jsonl',
  line: (line += 1),
  value: { text, language: 'en', intent, entities: [], style: 'normal', ...rest },
});
const found = (check: string, findings: Finding[]): Finding | undefined => findings.find((one) => one.check === check);
const malformed = (row: Line): readonly string[] => found('malformed lines', hardFaults([row]))?.worst ?? [];

describe('the lint of training data', () => {
  it.each<[string, object, string]>([
    ['nothing to read', { text: ' ' }, 'no text'],
    ['a language nobody here speaks', { language: 'xx' }, 'language xx'],
    ['a style of its own', { style: 'loud' }, 'style loud'],
    ['an intent that is no name', { intent: 'Track order' }, 'intent Track order'],
    ['no entities', { entities: null }, 'no list of entities'],
    ['an unknown type', { entities: [{ type: 'colour', start: 0, end: 2 }] }, 'entity type colour'],
    ['a mark beyond the end', { entities: [{ type: 'date', start: 6, end: 99 }] }, 'outside the text'],
    ['an empty mark', { entities: [{ type: 'date', start: 3, end: 3 }] }, 'outside the text'],
    ['a mark that names something else', { entities: [{ type: 'date', start: 0, end: 2, text: 'to' }] }, 'not what it'],
    ['a mark with a space', { entities: [{ type: 'date', start: 0, end: 4 }] }, 'ends with a space'],
    ['a mark within a number', { entities: [{ type: 'order_number', start: 4, end: 6 }] }, 'cuts through'],
    ['a mark within a word', { entities: [{ type: 'person', start: 1, end: 2 }] }, 'cuts through'],
    [
      'two marks on the same signs',
      {
        entities: [
          { type: 'date', start: 0, end: 8 },
          { type: 'order_number', start: 4, end: 8 },
        ],
      },
      'shares signs',
    ],
  ])('names file and line of a row with %s', (_case, wrong, fault) => {
    const row = said('is: 1234', 'track_order', wrong);
    expect(malformed(row)).toEqual([expect.stringContaining(fault)]);
    expect(malformed(row)[0]).toMatch(new RegExp(`^en.jsonl:${row.line} `));
  });

  it('names lines that are not JSON', () => {
    expect(malformed({ file: 'en.jsonl', line: 3, value: undefined })).toEqual(['en.jsonl:3 not an object']);
  });

  it.each([
    ['بالانجليزي', 'language', 2, 10],
    ['çantayı', 'product', 0, 5],
    ['12x', 'quantity', 0, 2],
  ])('lets words take a preposition or an ending: %s', (text, type, start, end) => {
    expect(malformed(said(text, 'oos', { entities: [{ type, start, end }] }))).toEqual([]);
  });

  it('does not let one text of one language mean two things', () => {
    const check = 'one text, one language, several intents';
    const same = [said('Stop  it', 'opt_out'), said('stop it', 'cancel_order')];
    expect(found(check, hardFaults(same))).toMatchObject({ hard: true, count: 1 });
    const friends = [said('ciao', 'greeting', { language: 'it' }), said('ciao', 'goodbye', { language: 'de' })];
    expect(found(check, hardFaults(friends))).toMatchObject({ count: 0 });
    expect(found('the same words, several intents', lintData(friends))).toMatchObject({ hard: false, count: 1 });
  });

  it('does not let the core intents be thin', () => {
    const findings = hardFaults([said('track it', 'track_order')]);
    const thin = found('core intents with fewer than 100', findings);
    expect(thin).toMatchObject({ hard: true, count: 109 });
    expect(thin?.worst).toContain('1  en track_order');
  });

  it('finds what is said again, and what nearly is', () => {
    const rows = [
      said('where is my order 1234', 'track_order'),
      said('Where is my order #99?', 'track_order'),
      said('is same day delivery possible', 'delivery_period'),
      said('same day delivery possible?', 'delivery_info'),
      said('the parcel came and the box was crushed', 'complaint'),
    ];
    const findings = lintData(rows);
    expect(found('the same words again in one language', findings)).toMatchObject({ count: 1 });
    expect(found('nearly the same, several intents', findings)?.worst).toEqual([
      expect.stringMatching(/same day delivery possible.*same day delivery possible/),
    ]);
    expect(found('nearly the same again', findings)).toMatchObject({ count: 0 });
  });

  it('doubts a label that none of its neighbours has', () => {
    const letters = [...'abcdefghjk'];
    const rows = [
      ...letters.map((letter) => said(`please send my money back ${letter}`, 'refund_request')),
      ...letters.map((letter) => said(`until when is your shop open ${letter}`, 'store_info')),
      said('please send my money back x', 'opt_in'),
    ];
    const { count, worst } = found('neighbours agree on another intent', lintData(rows)) ?? {};
    expect(count).toBe(1);
    expect(worst?.[0]).toMatch(/opt_in .* rather refund_request/);
  });
});
