import { join } from 'node:path';
import { unavailable } from '@parley/errors';
import fc from 'fast-check';
import { ContentSnapshot } from '../domain/content-snapshot.js';
import { initialDialogState, type Calls, type JournalFrame, type TurnInput, type TurnResult } from '../domain/turn.js';
import { loadContent } from '../outbound/content/content-folder.js';
import { InMemoryStage } from '../outbound/in-memory/stage.js';
import { runTurn } from './run-turn.js';

const content = await loadContent(join(import.meta.dirname, '../../../../content'));
const settings = [
  ['customer', 'maya email=maya@example.com zone=America/New_York'],
  ['order', '1234 status=out_for_delivery due=2026-11-22T16:00-05:00'],
  ['order', 'SO-10023 status=processing'],
].map(([name, text]) => ({ name: name!, text: text!, line: 1 }));
const stage = (): InMemoryStage => new InMemoryStage(settings);

interface Said {
  text?: string;
  type?: string;
  replyId?: string | null;
  intent?: string;
  confidence?: number;
  entities?: { type: string; value: string }[];
}

const inputOf = (said: Said, state: TurnInput['state'], rest: Partial<TurnInput> = {}): TurnInput => ({
  conversationId: 'c-1',
  defaults: { language: 'en', timeZone: 'UTC' },
  customer: stage().customers.get('maya')!,
  message: {
    id: 'wamid.1',
    type: said.type ?? 'text',
    text: said.text ?? 'x',
    replyId: said.replyId ?? null,
    sentAt: new Date(0),
  },
  understanding: {
    intent: said.intent ?? 'oos',
    confidence: said.confidence ?? 0.9,
    alternatives: [],
    entities: (said.entities ?? []).map((e) => ({ ...e, text: e.value, start: 0, end: e.value.length })),
    language: '',
  },
  state,
  now: new Date('2026-11-22T15:00Z'),
  resume: null,
  ...rest,
});
const without = ({ calls, ...result }: TurnResult): unknown => ({
  ...result,
  calls: calls.map(({ durationMs: _, ...call }) => call),
});

const intents = [...content.current().flatMap((flow) => flow.intents), 'never_heard_of'];
const said = fc.record({
  text: fc.oneof(
    fc.string(),
    fc.constantFrom(
      '1234',
      'SO-10023',
      '9999',
      'yes',
      'no',
      'my orders',
      'maya@example.com',
      'a@b.cc',
      'Deutsch',
      '{x} #',
      '   ',
    ),
  ),
  type: fc.constantFrom('text', 'text', 'text', 'image', 'audio', 'video', 'location', 'button', 'order'),
  replyId: fc.option(
    fc.constantFrom(
      'confirm:yes',
      'confirm:no',
      'confirm:yes:old',
      'order:1234',
      'order:SO-10023',
      'order:',
      'intent:talk_to_human',
      'intent:zzz',
      'x',
    ),
  ),
  intent: fc.constantFrom(...intents),
  confidence: fc.constantFrom(0, 0.3, 0.5, 0.9),
  entities: fc.array(
    fc.record({
      type: fc.constantFrom('order_number', 'email', 'language', 'rating', 'amount'),
      value: fc.constantFrom('1234', 'SO-10023', '9999', 'es', 'maya@example.com', ''),
    }),
    { maxLength: 2 },
  ),
});
const quietFlows = /^(small-talk|opt-out|rating)@\d+\/|\/quiet$|^quiet\//;

describe('runTurn', () => {
  it('never leaves a customer without an answer, unless content says so, and never answers twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(said, { minLength: 1, maxLength: 6 }), fc.boolean(), async (conversation, known) => {
        const systems = stage();
        let state = initialDialogState();
        for (const [index, message] of conversation.entries()) {
          const input = inputOf(message, state, known ? {} : { customer: null });
          input.message.id = `wamid.${index}`;
          const result = await runTurn(input, systems, content);
          if (result.reply === null) expect(result.decidedBy).toMatch(quietFlows);
          else expect(result.reply.text.trim()).not.toBe('');
          expect(result.effects.filter(({ kind }) => kind === 'handoff').length).toBeLessThanOrEqual(1);
          expect(result.effects).not.toContainEqual(expect.objectContaining({ reason: 'content-error' }));
          // What is stored must come back as it was.
          state = JSON.parse(JSON.stringify(result.state)) as typeof state;
          expect(state).toEqual(result.state);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('cancels nothing without a yes to the question that stands', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(said, { minLength: 1, maxLength: 5 }), async (conversation) => {
        const systems = stage();
        let state = initialDialogState();
        for (const message of conversation) {
          const asked = state.asked === 'confirm';
          const result = await runTurn(inputOf(message, state), systems, content);
          const cancelled = result.calls.some((call) => call.operation === 'erp.cancelOrder');
          if (cancelled) expect(asked).toBe(true);
          state = result.state;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same result again for the same input', async () => {
    await fc.assert(
      fc.asyncProperty(said, async (message) => {
        const input = inputOf(message, initialDialogState());
        const [first, second] = [await runTurn(input, stage(), content), await runTurn(input, stage(), content)];
        expect(without(second)).toEqual(without(first));
      }),
    );
  });

  describe('with a writing call', () => {
    const confirm = async (): Promise<TurnInput['state']> =>
      (
        await runTurn(
          inputOf(
            { intent: 'cancel_order', entities: [{ type: 'order_number', value: 'SO-10023' }] },
            initialDialogState(),
          ),
          stage(),
          content,
        )
      ).state;

    it('goes on exactly from the frame when the result was never committed', async () => {
      const state = await confirm();
      const frames: JournalFrame[] = [];
      const systems = stage();
      const journaled: Calls = {
        read: (operation, args) => systems.read(operation, args),
        write: (frame) => {
          frames.push(JSON.parse(JSON.stringify(frame)) as JournalFrame);
          return systems.write(frame);
        },
      };
      const input = inputOf({ text: 'yes', intent: 'affirm' }, state);
      const first = await runTurn(input, journaled, content);
      expect(first.reply?.key).toBe('order-cancelled');
      // The same message again, understood differently, later, in a state that was never changed.
      const again = inputOf({ text: 'yes', intent: 'oos', confidence: 0.1 }, state, {
        resume: frames[0]!,
        now: new Date('2026-11-23T15:00Z'),
      });
      const second = await runTurn(again, journaled, content);
      expect(without(second)).toEqual(without(first));
      expect(frames[1]).toEqual(frames[0]);
      expect(frames[0]!.idempotencyKey).toBe('c-1/wamid.1/cancel');
    });

    it('passes on that a dependency of ours is away', async () => {
      const away: Calls = {
        read: async () => Promise.reject(unavailable('BRIDGE.UNAVAILABLE', 'away')),
        write: async () => Promise.reject(unavailable('BRIDGE.UNAVAILABLE', 'away')),
      };
      await expect(
        runTurn(inputOf({ intent: 'track_order', text: '1234' }, initialDialogState()), away, content),
      ).rejects.toMatchObject({ retryable: true });
    });

    it('records consent under the message id', async () => {
      const result = await runTurn(
        inputOf({ text: 'STOP', intent: 'opt_out' }, initialDialogState()),
        stage(),
        content,
      );
      expect(result.calls).toMatchObject([
        {
          operation: 'consent.record',
          idempotencyKey: 'wamid.1',
          args: { purpose: 'all', granted: false, evidenceRef: 'wamid.1' },
        },
      ]);
    });
  });

  it('acts on a guess only when it is as sure as a mistake of that intent costs', async () => {
    const business = { ...content.business, confidence: { default: 0.5, intents: { track_order: 0.3, opt_in: 0.8 } } };
    const strict = new ContentSnapshot({ ...content.toJSON(), business });
    const keyOf = async (intent: string, confidence: number): Promise<string | undefined> =>
      (await runTurn(inputOf({ intent, confidence }, initialDialogState()), stage(), strict)).reply?.key;
    expect(await keyOf('track_order', 0.3)).not.toBe('fallback');
    expect(await keyOf('track_order', 0.29)).toBe('fallback');
    expect(await keyOf('opt_in', 0.79)).toBe('fallback');
    expect(await keyOf('opt_in', 0.8)).not.toBe('fallback');
    expect(await keyOf('greeting', 0.49)).toBe('fallback');
    expect(await keyOf('greeting', 0.5)).not.toBe('fallback');
  });

  it('does not choose the team of a hand-off by a guess that nobody acts on', async () => {
    const state = { ...initialDialogState(), misunderstandings: 1 };
    const result = await runTurn(inputOf({ intent: 'place_order', confidence: 0.2 }, state), stage(), content);
    const lost = await runTurn(inputOf({ intent: 'oos', confidence: 0.9 }, state), stage(), content);
    expect(result.effects).toEqual(lost.effects);
    expect(result.effects).toContainEqual(expect.objectContaining({ reason: 'misunderstood' }));
  });

  it('keys a task by conversation, message and step, so that everybody gets their own', async () => {
    const late = { now: new Date('2026-11-23T15:00Z') };
    const ask = { intent: 'track_order', entities: [{ type: 'order_number', value: '1234' }] };
    const keyFor = async (conversationId: string): Promise<string[]> => {
      const input = inputOf(ask, initialDialogState(), { ...late, conversationId });
      const { effects } = await runTurn(input, stage(), content);
      return effects.flatMap((effect) => (effect.kind === 'task' ? [effect.key] : []));
    };
    expect(await keyFor('c-1')).toEqual(['c-1/wamid.1/late']);
    expect(await keyFor('c-2')).toEqual(['c-2/wamid.1/late']);
  });

  it('asks the ERP where a number with spaces in it ends', async () => {
    const systems = new InMemoryStage([...settings, { name: 'order', text: '"7700 8800" status=processing', line: 4 }]);
    const said = { text: 'track order 7700 8800', intent: 'track_order' };
    const heard = [{ type: 'order_number', value: '7700' }];
    const result = await runTurn(inputOf({ ...said, entities: heard }, initialDialogState()), systems, content);
    expect(result.reply?.text).toContain('7700 8800');
    expect(result.state.slots.order).toBe('7700 8800');
  });

  it('never says to a stranger whether an order exists', async () => {
    const reply = async (number: string): Promise<string | undefined> => {
      const entities = [{ type: 'order_number', value: number }];
      const result = await runTurn(
        inputOf({ intent: 'track_order', entities }, initialDialogState(), { customer: null }),
        stage(),
        content,
      );
      return result.reply?.text.replace(number, 'N');
    };
    expect(await reply('1234')).toBe(await reply('9999'));
  });

  it('passes whoever the CRM cannot name on to a person when it is about their orders, and answers everything else', async () => {
    const unknown = { customer: null, customerAway: true };
    const about = async (intent: string): Promise<TurnResult> =>
      runTurn(inputOf({ intent, text: 'order 1234' }, initialDialogState(), unknown), stage(), content);
    for (const intent of ['track_order', 'list_orders', 'cancel_order', 'delivery_period']) {
      const { reply, effects, calls } = await about(intent);
      expect([reply?.key, effects]).toMatchObject([
        'try-again-later',
        [{ kind: 'handoff', reason: 'crm-unavailable' }],
      ]);
      expect(calls).toEqual([]);
    }
    expect(await about('greeting')).toMatchObject({ reply: { key: 'greeting' }, effects: [] });
  });

  it('leaves the dialog state it was given alone', async () => {
    const state = Object.freeze(initialDialogState());
    Object.values(state).forEach((part) => Object.freeze(part));
    await runTurn(
      inputOf({ intent: 'track_order', entities: [{ type: 'order_number', value: '1234' }] }, state),
      stage(),
      content,
    );
    expect(state).toEqual(initialDialogState());
  });

  it('finishes on the version of the flow it began with', async () => {
    const begun = await runTurn(inputOf({ intent: 'track_order' }, initialDialogState()), stage(), content);
    expect(begun.state).toMatchObject({ flow: 'track-order@1', asked: 'order' });
    const documents = structuredClone(content.toJSON());
    const flow = documents.flows.find((f) => f.flow === 'track-order')!;
    Object.assign(flow, { version: 2, steps: [{ id: 'new', reply: 'greeting' }] });
    const newer = new ContentSnapshot(documents, content);
    const answered = await runTurn(inputOf({ text: 'SO-10023', intent: 'oos' }, begun.state), stage(), newer);
    expect(answered).toMatchObject({ decidedBy: 'track-order@1/answer', reply: { key: 'order-status' } });
    const fresh = await runTurn(inputOf({ text: '1234', intent: 'oos' }, initialDialogState()), stage(), newer);
    expect(fresh.decidedBy).toBe('track-order@2/new');
  });

  it.each(['show me my orders', 'Quiero ver mis pedidos', 'Zeigen Sie mir meine Bestellungen'])(
    'hears a wish for all orders in "%s" where the model took it for a wish about one',
    async (text) => {
      const input = inputOf({ text, intent: 'track_order' }, initialDialogState());
      const { reply } = await runTurn(input, stage(), content);
      expect(reply?.key).toBe('orders-list');
    },
  );
});
