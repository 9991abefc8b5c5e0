import type { ContentSnapshot } from '../domain/content-snapshot.js';
import type { BeginScene, Cast, Delivery, Happening, Outcome, SetStage, Stage, Understand } from '../domain/stage.js';
import { initialDialogState, type DialogState, type TurnResult } from '../domain/turn.js';
import { runTurn } from './run-turn.js';

interface Conversation {
  state: DialogState;
  /** A person has it: Parley is quiet. */
  handedOver: boolean;
}

/** Answers with the interpreter alone, on whatever stage: quick, and without the service around it. */
export function turnsAlone(content: ContentSnapshot, setStage: SetStage, understand: Understand): BeginScene {
  return async (scene, defaults) => new TurnsAlone(content, await setStage(scene.settings), understand, defaults);
}

class TurnsAlone implements Cast {
  private readonly conversations = new Map<string, Conversation>();

  constructor(
    private readonly content: ContentSnapshot,
    private readonly stage: Stage,
    private readonly understand: Understand,
    private readonly defaults: { language: string; timeZone: string },
  ) {}

  away(system: string, away: boolean): void {
    this.stage.away(system, away);
  }

  async deliver(delivery: Delivery): Promise<Outcome> {
    const { speaker } = delivery;
    const conversation = this.conversations.get(speaker) ?? { state: initialDialogState(), handedOver: false };
    this.conversations.set(speaker, conversation);
    const result = conversation.handedOver ? null : await this.answer(delivery, conversation.state);
    if (result !== null) {
      conversation.state = result.state;
      conversation.handedOver = result.effects.some(({ kind }) => kind === 'handoff');
    }
    return { reply: result?.reply ?? null, happenings: [logged, ...happened(result)], problems: [] };
  }

  private async answer({ speaker, message, meaning, now }: Delivery, state: DialogState): Promise<TurnResult> {
    const said = { text: message.text, language: this.defaults.language, asked: state.asked, meaning };
    return runTurn(
      {
        conversationId: `conversation-${speaker}`,
        defaults: this.defaults,
        customer: this.stage.customers.get(speaker) ?? null,
        message,
        understanding: await this.understand(said),
        state,
        now,
        resume: null,
      },
      this.stage.calls,
      this.content,
    );
  }
}

// The service around the interpreter records every message; here there is none.
const logged: Happening = { name: 'crm.logConversation', words: [], values: { source: 'whatsapp' }, done: true };

function happened(result: TurnResult | null): Happening[] {
  if (result === null) return [];
  const calls = result.calls.map((call) => ({
    name: call.operation,
    words: [call.outcome],
    values: call.args,
    done: call.outcome === 'ok',
  }));
  const effects = result.effects.flatMap((effect): Happening[] =>
    effect.kind === 'task'
      ? [{ name: 'crm.createTask', words: [], values: { ...effect, dueAt: effect.dueAt.toISOString() }, done: true }]
      : ['handoff', 'crm.createTicket'].map((name) => ({
          name,
          words: [effect.reason],
          values: { ...effect },
          done: true,
        })),
  );
  return [...calls, ...effects];
}
