import { exposition } from '@parley/telemetry';
import { parseMessage } from '../app.module.js';
import { IntentGrpc } from './intent.grpc.js';

const service = new IntentGrpc(parseMessage());

/** Value of a sample of the metrics, 0 when there is none. */
async function sample(name: string, labels: Record<string, string> = {}): Promise<number> {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const lines = (await exposition()).body.split('\n').filter((line) => line.startsWith(`${name}{`));
  const found = lines.find((line) => wanted.every((label) => line.includes(label)));
  return Number(found?.split(' ').at(-1) ?? 0);
}

/** By how much a sample grows while this is read. */
async function growth(text: string, name: string, labels: Record<string, string>): Promise<number> {
  const before = await sample(name, labels);
  service.parse({ text });
  return (await sample(name, labels)) - before;
}

const WORDS = 'parley_intent_words_total';
const UNKNOWN = 'parley_intent_unknown_words_total';

describe('the metrics of understanding', () => {
  it('count how sure each intent was', async () => {
    const text = 'where is my order 1234';
    const sure = { intent: 'track_order', le: '1' };
    expect(await growth(text, 'parley_intent_confidence_bucket', sure)).toBe(1);
    expect(await growth(text, 'parley_intent_confidence_bucket', { intent: 'track_order', le: '0.2' })).toBe(0);
    expect(await growth(text, 'parley_intent_parsed_total', { intent: 'track_order' })).toBe(1);
  });

  it('count words, and those that nobody ever taught', async () => {
    const text = 'where is my zxqvwk order 1234';
    expect(await growth(text, WORDS, { language: 'en' })).toBe(6);
    expect(await growth(text, UNKNOWN, { language: 'en' })).toBe(1);
    expect(await growth('where is my order 1234', UNKNOWN, { language: 'en' })).toBe(0);
  });

  it('have a place for texts without words', async () => {
    expect(await growth('...', WORDS, { language: 'none' })).toBe(0);
    expect(await growth('😀', WORDS, { language: 'none' })).toBe(1);
  });

  it('count each message of a batch', async () => {
    const before = await sample(WORDS, { language: 'en' });
    await service.parseBatch({ requests: [{ text: 'cancel my order' }, { text: 'where is my parcel' }] });
    expect((await sample(WORDS, { language: 'en' })) - before).toBe(7);
  });
});
