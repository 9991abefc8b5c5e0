import { join } from 'node:path';
import { ContentSnapshot } from '../domain/content-snapshot.js';
import { initialDialogState, type DialogState, type TurnInput, type TurnResult } from '../domain/turn.js';
import { loadContent } from '../outbound/content/content-folder.js';
import { InMemoryStage } from '../outbound/in-memory/stage.js';
import { runTurn } from './run-turn.js';

const content = await loadContent(join(import.meta.dirname, '../../../../content'));

type Reading = [intent: string, confidence: number];

/** What comes of a message that was read as this, and as others with less confidence. */
async function turnOf(readings: Reading[], rest: Partial<TurnInput> = {}, on = content): Promise<TurnResult> {
  const [best, ...others] = readings.map(([intent, confidence]) => ({ intent, confidence }));
  const input: TurnInput = {
    conversationId: 'c-1',
    defaults: { language: 'en', timeZone: 'UTC' },
    customer: null,
    message: { id: 'wamid.1', type: 'text', text: 'hm', replyId: null, sentAt: new Date(0) },
    understanding: { ...best!, alternatives: others, entities: [], language: '' },
    state: initialDialogState(),
    now: new Date('2026-11-22T15:00Z'),
    resume: null,
    ...rest,
  };
  return runTurn(input, new InMemoryStage([]), on);
}

const tapped = (replyId: string): TurnInput['message'] => {
  return { id: 'wamid.2', type: 'interactive', text: 'x', replyId, sentAt: new Date(0) };
};
const buttonsOf = ({ reply }: TurnResult): string[] => (reply?.buttons ?? []).map(({ id }) => id);

describe('a message that could mean several things', () => {
  const unsure: Reading[] = [
    ['cancel_order', 0.4],
    ['change_order', 0.3],
    ['track_order', 0.25],
  ];

  it('is answered by a question that names the two likeliest wishes, and a person', async () => {
    const result = await turnOf(unsure);
    expect(result.reply?.key).toBe('clarify');
    expect(buttonsOf(result)).toEqual(['intent:cancel_order', 'intent:change_order', 'intent:talk_to_human']);
    expect(result).toMatchObject({ decidedBy: 'clarify', effects: [], state: { misunderstandings: 1, flow: null } });
  });

  it('is what the customer taps', async () => {
    const { state } = await turnOf(unsure);
    const next = await turnOf([['oos', 1]], { state, message: tapped('intent:cancel_order') });
    expect(next.reply?.key).toBe('which-order-cancel');
    expect(next.state.misunderstandings).toBe(0);
  });

  it('is not asked about twice in a row: a person takes over', async () => {
    const { state } = await turnOf(unsure);
    const next = await turnOf(unsure, { state });
    expect(next.effects).toMatchObject([{ kind: 'handoff', reason: 'misunderstood' }]);
  });

  it.each<[string, Reading[], string[]]>([
    [
      'only one is likely',
      [
        ['cancel_order', 0.4],
        ['track_order', 0.1],
      ],
      ['intent:cancel_order', 'intent:talk_to_human'],
    ],
    [
      'a person is the likeliest',
      [
        ['talk_to_human', 0.35],
        ['complaint', 0.3],
      ],
      ['intent:talk_to_human', 'intent:complaint'],
    ],
    [
      'nothing we know comes first, but not for sure',
      [
        ['oos', 0.45],
        ['opt_out', 0.3],
      ],
      ['intent:opt_out', 'intent:talk_to_human'],
    ],
    [
      'a greeting is among them, which nobody is asked about',
      [
        ['greeting', 0.4],
        ['track_order', 0.3],
      ],
      ['intent:track_order', 'intent:talk_to_human'],
    ],
  ])('offers what there is when %s', async (_case, readings, expected) => {
    expect(buttonsOf(await turnOf(readings))).toEqual(expected);
  });

  it.each<[string, Reading[]]>([
    [
      'it is surely nothing we know',
      [
        ['oos', 0.6],
        ['track_order', 0.3],
      ],
    ],
    [
      'nothing is likely enough',
      [
        ['oos', 0.4],
        ['track_order', 0.19],
      ],
    ],
  ])('is not asked about when %s', async (_case, readings) => {
    expect((await turnOf(readings)).reply?.key).toBe('fallback');
  });

  it('is not asked about where the content does not say from when on', async () => {
    const { ask: _, ...confidence } = content.business.confidence;
    const silent = ContentSnapshot.fromJSON({ ...content.toJSON(), business: { ...content.business, confidence } });
    expect((await turnOf(unsure, {}, silent)).reply?.key).toBe('fallback');
  });

  it.each([...content.languages.keys()])('has all its buttons in %s', async (language) => {
    const state: DialogState = { ...initialDialogState(), language };
    const { reply } = await turnOf(unsure, { state });
    expect(reply).toMatchObject({ key: 'clarify', language });
    expect(reply?.buttons).toHaveLength(3);
  });
});
