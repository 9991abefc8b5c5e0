import { asText } from '../domain/as-text.js';
import type { ContentSnapshot } from '../domain/content-snapshot.js';
import { durationMs } from '../domain/duration.js';
import { formatText } from '../domain/message-text.js';
import {
  matches,
  wordsOf,
  type Expectation,
  type Scene,
  type ScriptedTurn,
  type Setting,
} from '../domain/transcript.js';
import type { SetStage, Stage, Understand } from '../domain/stage.js';
import {
  initialDialogState,
  type Choice,
  type DialogState,
  type IncomingMessage,
  type TurnResult,
} from '../domain/turn.js';
import { runTurn } from './run-turn.js';

/** Something that did not happen as the transcript says. */
export interface Mismatch {
  line: number;
  message: string;
}

interface Conversation {
  state: DialogState;
  choices: Choice[];
  /** A person has it: Parley is quiet. */
  handedOver: boolean;
}

/** Plays scenes of a transcript through the interpreter and compares. */
export class PlayTranscript {
  constructor(
    private readonly content: ContentSnapshot,
    private readonly setStage: SetStage,
    private readonly understand: Understand,
  ) {}

  async run(scene: Scene): Promise<Mismatch[]> {
    const play = new Play(this.content, scene, await this.setStage(scene.settings), this.understand);
    const found: Mismatch[] = [];
    for (const turn of scene.turns) found.push(...(await play.turn(turn)));
    return found;
  }
}

class Play {
  private readonly conversations = new Map<string, Conversation>();
  private now: Date;
  private language: string;
  private zone: string;
  private count = 0;

  constructor(
    private readonly content: ContentSnapshot,
    scene: Scene,
    private readonly stage: Stage,
    private readonly understand: Understand,
  ) {
    const setting = (name: string): string | undefined => scene.settings.findLast((s) => s.name === name)?.text;
    this.now = new Date(setting('now') ?? '2026-11-22T15:00Z');
    this.language = setting('language') ?? content.business.language;
    this.zone = setting('zone') ?? 'UTC';
    for (const { name, text } of scene.settings) if (name === 'away') stage.away(text, true);
  }

  async turn(turn: ScriptedTurn): Promise<Mismatch[]> {
    for (const setting of turn.settings) this.change(setting);
    const name = turn.speaker ?? [...this.stage.customers.keys()][0] ?? 'stranger';
    const conversation = this.conversations.get(name) ?? {
      state: initialDialogState(),
      choices: [],
      handedOver: false,
    };
    this.conversations.set(name, conversation);
    const greeted = conversation.state.greeted;
    const message = this.messageOf(turn, conversation);
    if (typeof message === 'string') return [{ line: turn.line, message }];
    const result = conversation.handedOver ? null : await this.answer(turn, message, { name, conversation });
    if (result !== null) keep(conversation, result);
    const introduction = greeted || !result?.reply ? '' : this.introduction(result.reply.language);
    return compare(turn, result, introduction);
  }

  private async answer(
    turn: ScriptedTurn,
    message: IncomingMessage,
    { name, conversation }: { name: string; conversation: Conversation },
  ): Promise<TurnResult> {
    const { state } = conversation;
    const said = { text: message.text, language: this.language, asked: state.asked, meaning: turn.meaning };
    return runTurn(
      {
        conversationId: `conversation-${name}`,
        defaults: { language: this.language, timeZone: this.zone },
        customer: this.stage.customers.get(name) ?? null,
        message,
        understanding: await this.understand(said),
        state,
        now: this.now,
        resume: null,
      },
      this.stage.calls,
      this.content,
    );
  }

  private messageOf(turn: ScriptedTurn, { choices }: Conversation): IncomingMessage | string {
    this.count += 1;
    const base = { id: `wamid.${this.count}`, sentAt: this.now, replyId: null };
    const tapped = /^\[(.+)\]$/.exec(turn.said)?.[1];
    if (tapped !== undefined) {
      const choice = choices.find(({ title }) => title === tapped);
      if (choice === undefined)
        return `there is no "${tapped}" to tap, only: ${choices.map((c) => c.title).join(', ') || 'nothing'}`;
      return { ...base, type: 'interactive', text: tapped, replyId: choice.id };
    }
    const wordless = /^\((.+)\)$/.exec(turn.said)?.[1];
    if (wordless !== undefined) return { ...base, type: wordless === 'voice note' ? 'audio' : wordless, text: '' };
    return { ...base, type: 'text', text: turn.said };
  }

  private change({ name, text }: Setting): void {
    if (name === 'now') this.now = new Date(text);
    else if (name === 'later') this.now = new Date(this.now.getTime() + (durationMs(text) ?? 0));
    else if (name === 'away' || name === 'back') this.stage.away(text, name === 'away');
  }

  private introduction(language: string): string {
    const { phrases, locale } = this.content.language(language);
    return formatText(phrases.introduction ?? '', locale, { business: this.content.business.name });
  }
}

function keep(conversation: Conversation, { state, reply, effects }: TurnResult): void {
  conversation.state = state;
  // Older choices stay on the phone, and may be tapped as long as they are there.
  conversation.choices.unshift(...(reply?.buttons ?? []), ...(reply?.list?.rows ?? []));
  conversation.handedOver = effects.some(({ kind }) => kind === 'handoff');
}

function compare(turn: ScriptedTurn, result: TurnResult | null, introduction: string): Mismatch[] {
  const answered = turn.expected.some(({ kind }) => kind !== 'effect');
  const found = turn.expected.flatMap((expectation) => {
    const message = mismatch(expectation, result, introduction);
    return message === null ? [] : [{ line: expectation.line, message }];
  });
  // Whoever writes a transcript says what the answer is, also when there is none.
  if (!answered) found.push({ line: turn.line, message: `nothing says what the answer is; it was: ${shown(result)}` });
  return found;
}

function mismatch({ kind, text }: Expectation, result: TurnResult | null, introduction: string): string | null {
  const actual = result?.reply?.text ?? null;
  if (kind === 'silence') return actual === null ? null : `expected no reply, but it was: ${shown(result)}`;
  if (kind === 'effect') return effectMismatch(text, result);
  if (actual === null) return `expected "${text}", but there was no reply`;
  const bare = actual.replace(introduction, '');
  return matches(text, actual) || matches(text, bare) ? null : `expected "${text}", but it was: ${shown(result)}`;
}

function effectMismatch(text: string, result: TurnResult | null): string | null {
  const { words, pairs } = wordsOf(text);
  const [verb = '', ...rest] = words;
  if (verb === 'no') {
    const name = rest[0] ?? '';
    const hit = happened(result).find((h) => h.done && (h.name === name || h.name.startsWith(`${name}.`)));
    return hit === undefined ? null : `${name} must not happen, but did`;
  }
  if (verb === 'button' || verb === 'row') {
    const { buttons = [], list } = result?.reply ?? {};
    const titles = (verb === 'button' ? buttons : (list?.rows ?? [])).map(({ title }) => title);
    return titles.includes(rest.join(' ')) ? null : `there is no ${text}, only: ${titles.join(', ') || 'nothing'}`;
  }
  const candidates = happened(result).filter((h) => h.name === verb);
  const fits = candidates.some(
    (h) =>
      rest.every((word) => h.words.includes(word)) &&
      Object.entries(pairs).every(([k, v]) => asText(h.values[k]) === v),
  );
  const seen = happened(result).map((h) => [h.name, ...h.words, JSON.stringify(h.values)].join(' '));
  return fits ? null : `"${text}" did not happen, only: ${seen.join('; ') || 'nothing'}`;
}

interface Happening {
  name: string;
  words: string[];
  values: Record<string, unknown>;
  /** Whether it succeeded. */
  done: boolean;
}

function happened(result: TurnResult | null): Happening[] {
  if (result === null) return [];
  const calls = result.calls.map((call) => ({
    name: call.operation,
    words: [call.outcome],
    values: call.args,
    done: call.outcome === 'ok',
  }));
  const effects = result.effects.map((effect) =>
    effect.kind === 'task'
      ? { name: 'crm.createTask', words: [], values: { ...effect, dueAt: effect.dueAt.toISOString() }, done: true }
      : { name: 'handoff', words: [effect.reason], values: { ...effect }, done: true },
  );
  return [...calls, ...effects];
}

function shown(result: TurnResult | null): string {
  if (!result?.reply) return 'no reply';
  return `"${result.reply.text.replace(/\s+/g, ' ')}"`;
}
