import { join } from 'node:path';
import type { FlowDefinition } from '../domain/content.js';
import { ContentSnapshot } from '../domain/content-snapshot.js';
import { initialDialogState, type TurnInput } from '../domain/turn.js';
import { loadContent } from '../outbound/content/content-folder.js';
import { InMemoryStage } from '../outbound/in-memory/stage.js';
import { runTurn } from './run-turn.js';

// Replies that no flow of the shipped content comes to: flows of other businesses do, in every language.
const content = await loadContent(join(import.meta.dirname, '../../../../content'));

const settings = [
  ['customer', 'maya zone=America/New_York'],
  ['order', 'SO-10023 status=processing'],
].map(([name, text]) => ({ name: name!, text: text!, line: 1 }));

/** The content, with the steps of cancelling changed. */
function withSteps(
  change: (step: FlowDefinition['steps'][number]) => FlowDefinition['steps'][number],
): ContentSnapshot {
  const documents = structuredClone(content.toJSON());
  const flows = documents.flows.map((flow) =>
    flow.flow === 'cancel-order' ? { ...flow, steps: flow.steps.map(change) } : flow,
  );
  return ContentSnapshot.fromJSON({ ...documents, flows });
}

const inputOf = (stage: InMemoryStage, text: string, state: TurnInput['state'], intent: string): TurnInput => ({
  conversationId: 'c-1',
  defaults: { language: 'en', timeZone: 'UTC' },
  customer: stage.customers.get('maya')!,
  message: { id: 'wamid.1', type: 'text', text, replyId: null, sentAt: new Date(0) },
  understanding: {
    ...{ intent, confidence: 0.95, alternatives: [], language: '' },
    entities: [{ type: 'order_number', text: 'SO-10023', value: 'SO-10023', start: 0, end: 8 }],
  },
  state,
  now: new Date('2026-11-22T15:00Z'),
  resume: null,
});

describe.each([...content.languages.keys()])('in %s', (language) => {
  const state = { ...initialDialogState(), language, greeted: true, slots: { language } };
  const worded = (key: string): string => {
    const { text } = content.reply(language, key)!;
    return text.split(/[{,.。।]/)[0]!.trim();
  };

  it('a no to a question that names no answer to it is taken in', async () => {
    const plain = withSteps(({ declined: _declined, ...step }) => step);
    const stage = new InMemoryStage(settings);
    const asked = await runTurn(inputOf(stage, 'SO-10023', state, 'cancel_order'), stage, plain);
    expect(asked.reply?.key).toBe('cancel-confirm');
    const refused = inputOf(stage, 'no', asked.state, 'deny');
    const { reply, effects } = await runTurn(
      { ...refused, understanding: { ...refused.understanding, entities: [] } },
      stage,
      plain,
    );
    expect(reply).toMatchObject({ key: 'nothing-changed', language });
    expect(reply?.text).toContain(worded('nothing-changed'));
    expect(effects).toEqual([]);
  });

  it('an error that the flow does not name is put in words, and a person takes over', async () => {
    const careless = withSteps(({ on: _on, ...step }) => step);
    const stage = new InMemoryStage(settings);
    stage.away('erp', true);
    const { reply, effects } = await runTurn(inputOf(stage, 'SO-10023', state, 'cancel_order'), stage, careless);
    expect(reply).toMatchObject({ key: 'trouble', language });
    expect(reply?.text).toMatch(/15/);
    expect(reply?.text).not.toMatch(/[{}]/);
    expect(effects).toMatchObject([{ kind: 'handoff' }]);
  });
});

it.each([
  [1, 'خلال دقيقة.'],
  [2, 'خلال دقيقتين.'],
  [5, 'خلال 5 دقائق.'],
  [15, 'خلال 15 دقيقة.'],
])('in Arabic %i minutes have the form of their number', async (minutes, words) => {
  const documents = withSteps(({ on: _on, ...step }) => step).toJSON();
  const business = { ...documents.business, wait_minutes: minutes };
  const stage = new InMemoryStage(settings);
  stage.away('erp', true);
  const state = { ...initialDialogState(), language: 'ar', greeted: true, slots: { language: 'ar' } };
  const careless = ContentSnapshot.fromJSON({ ...documents, business });
  const { reply } = await runTurn(inputOf(stage, 'SO-10023', state, 'cancel_order'), stage, careless);
  expect(reply?.text).toContain(words);
});
