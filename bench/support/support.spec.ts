import { createHmac } from 'node:crypto';
import { Latencies } from './histogram.mjs';
import { parseOptions, bus, numbers } from './options.mjs';
import { highestRate, isSteady, slope, slopeError } from './search.mjs';
import { markdownTable, replaceSection, sectionText } from './sections.mjs';
import { requestBytes, textBody } from './webhooks.mjs';

describe('Latencies', () => {
  it('give percentiles in milliseconds, to three digits', () => {
    const latencies = new Latencies();
    for (let ms = 1; ms <= 1000; ms += 1) latencies.add(ms);
    const { count, p50, p99, max } = latencies.summary();
    expect(count).toBe(1000);
    expect(Math.abs(p50 - 500)).toBeLessThan(1);
    expect(Math.abs(p99 - 990)).toBeLessThan(2);
    expect(Math.abs(max - 1000)).toBeLessThan(2);
  });

  it('of nothing are zero', () => {
    expect(new Latencies().summary()).toEqual({ count: 0, p50: 0, p99: 0, 'p99.9': 0, max: 0 });
  });
});

describe('a steady backlog', () => {
  const window = (backlog: (second: number) => number) => ({
    ...{ rate: 100, refused: 0, unanswered: 0, behindMs: 2 },
    samples: Array.from({ length: 40 }, (_, index) => ({ second: index / 4, backlog: backlog(index / 4) })),
  });

  it('may swing, and may be high at first', () => {
    expect(isSteady(window((second) => (second < 2 ? 150 : 10) + 5 * Math.sin(second * 7)))).toBe(true);
  });

  it('does not grow, and is not worth more than two seconds', () => {
    expect(isSteady(window((second) => second * 5))).toBe(false);
    expect(isSteady(window(() => 250))).toBe(false);
  });

  it('may wander in a short window, where a slow rise cannot be told from chance', () => {
    const wander = (second: number) => 60 + 30 * Math.sin(second * 9) + 20 * Math.sin(second * 23 + 1);
    expect(isSteady(window((second) => wander(second) + second * 2.5))).toBe(true);
    expect(isSteady(window((second) => wander(second) + second * 12))).toBe(false);
  });

  it('knows how far a slope may be off: not at all on a line, more the more points scatter', () => {
    const noisy = (size: number) => Array.from({ length: 20 }, (_, x) => [x, 3 * x + (x % 2 === 0 ? size : -size)]);
    expect(slopeError([0, 1, 2, 3].map((x) => [x, 4 * x + 1]))).toBeCloseTo(0);
    expect(slopeError(noisy(4))).toBeCloseTo(2 * slopeError(noisy(2)));
  });

  it('has nothing refused or lost, and a generator that kept pace', () => {
    expect(isSteady({ ...window(() => 5), refused: 1 })).toBe(false);
    expect(isSteady({ ...window(() => 5), unanswered: 1 })).toBe(false);
    expect(isSteady({ ...window(() => 5), behindMs: 1500 })).toBe(false);
  });

  it('has the slope of least squares', () => {
    expect(slope([0, 1, 2, 3].map((x) => [x, 4 * x + 1]))).toBeCloseTo(4);
    expect(slope([[1, 5]])).toBe(0);
  });
});

describe('the search for the highest rate', () => {
  const search = async (limit: number, most = 4000) => {
    const tried: number[] = [];
    const holds = async (rate: number) => (tried.push(rate), rate <= limit);
    return { found: await highestRate({ from: 100, most, holds }), tried };
  };

  it.each([120, 330, 777, 2500])('comes within an eighth of %d', async (limit) => {
    const { found, tried } = await search(limit);
    expect(found).toBeLessThanOrEqual(limit);
    expect(found).toBeGreaterThan(limit / 1.15);
    expect(tried.length).toBeLessThan(14);
  });

  it('ends at the most it may try, and with 0 when the first rate is too much', async () => {
    expect((await search(1_000_000, 1000)).found).toBe(800);
    expect((await search(50)).found).toBe(0);
  });
});

describe('options', () => {
  const known = { bus, rates: numbers([80], 'rates') };

  it('have defaults, words and lists', () => {
    expect(parseOptions([], known)).toEqual({ bus: 'both', rates: [80] });
    expect(parseOptions(['--rates', '80,200', '--bus', 'kafka'], known)).toEqual({ bus: 'kafka', rates: [80, 200] });
  });

  it.each([[['--speed', '1']], [['rates', '1']], [['--rates', 'fast']], [['--bus', 'rabbit']], [['--rates']]])(
    'refuse %j in one line',
    (args) => {
      expect(() => parseOptions(args, known)).toThrow(/^(There is no option|--\w+ must be)/);
    },
  );
});

describe('the sections of docs/benchmarks.md', () => {
  const section = (name: string, p50: number) =>
    sectionText({
      ...{
        name,
        help: 'what it measures',
        notes: ['A note.'],
        command: `npm run bench -- ${name}`,
        date: '2026-11-22',
      },
      rows: [{ what: 'x', p50 }],
      machine: 'A machine.',
    });

  it('are replaced by name, and put where the name belongs', () => {
    let document = '# Benchmarks\n\nHead.\n';
    for (const name of ['latency', 'cost', 'end-to-end']) document = replaceSection(document, name, section(name, 1));
    const other = replaceSection(document, 'end-to-end', section('end-to-end', 2));
    expect([...other.matchAll(/^## (.+)$/gm)].map(([, name]) => name)).toEqual(['cost', 'end-to-end', 'latency']);
    expect(other.replace('| x | 2 |', '| x | 1 |')).toBe(document);
    expect(other.startsWith('# Benchmarks\n\nHead.\n\n## cost')).toBe(true);
  });

  it('have a table with the columns of all rows', () => {
    expect(markdownTable([{ a: 1 }, { b: 'x|y' }])).toBe('| a | b |\n| --- | --- |\n| 1 |  |\n|  | x\\|y |');
  });
});

describe('a webhook on the wire', () => {
  it('is signed over its very bytes and says their length', () => {
    const body = textBody({ number: '1', from: '491', id: 'wamid.1', text: 'Track order B100' });
    const [head = '', sent = ''] = requestBytes(body).toString('latin1').split('\r\n\r\n');
    const signature = createHmac('sha256', 'demo-app-secret').update(sent).digest('hex');
    expect(head).toContain(`x-hub-signature-256: sha256=${signature}`);
    expect(head).toContain(`content-length: ${sent.length}`);
    expect(JSON.parse(sent)).toMatchObject({ entry: [{ changes: [{ value: { messages: [{ id: 'wamid.1' }] } }] }] });
  });
});
