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
import type { BeginScene, Cast, Outcome } from '../domain/stage.js';
import type { Choice, IncomingMessage } from '../domain/turn.js';

/** Something that did not happen as the transcript says. */
export interface Mismatch {
  line: number;
  message: string;
}

/** What somebody sees on their phone. */
interface Phone {
  choices: Choice[];
  /** Whether Parley has written. */
  greeted: boolean;
}

/** Plays scenes of a transcript before whoever answers, and compares. */
export class PlayTranscript {
  constructor(
    private readonly content: ContentSnapshot,
    private readonly begin: BeginScene,
  ) {}

  async run(scene: Scene): Promise<Mismatch[]> {
    const setting = (name: string): string | undefined => scene.settings.findLast((s) => s.name === name)?.text;
    const language = setting('language') ?? this.content.business.language;
    const cast = await this.begin(scene, { language, timeZone: setting('zone') ?? 'UTC' });
    const play = new Play(this.content, scene, cast, new Date(setting('now') ?? '2026-11-22T15:00Z'));
    const found: Mismatch[] = [];
    for (const turn of scene.turns) found.push(...(await play.turn(turn)));
    return found;
  }
}

class Play {
  private readonly phones = new Map<string, Phone>();
  private readonly first: string;
  private count = 0;

  constructor(
    private readonly content: ContentSnapshot,
    scene: Scene,
    private readonly cast: Cast,
    private now: Date,
  ) {
    const [customer] = scene.settings.filter(({ name }) => name === 'customer');
    this.first = (customer && wordsOf(customer.text).words[0]) ?? 'stranger';
    for (const { name, text } of scene.settings) if (name === 'away') cast.away(text, true);
  }

  async turn(turn: ScriptedTurn): Promise<Mismatch[]> {
    for (const setting of turn.settings) this.change(setting);
    const speaker = turn.speaker ?? this.first;
    const phone = this.phones.get(speaker) ?? { choices: [], greeted: false };
    this.phones.set(speaker, phone);
    const message = this.messageOf(turn, phone);
    if (typeof message === 'string') return [{ line: turn.line, message }];
    const { meaning } = turn;
    const outcome = await this.cast.deliver({ speaker, message, meaning, now: this.now });
    const { reply } = outcome;
    const introduction = phone.greeted || reply === null ? '' : this.introduction(reply.language);
    phone.greeted ||= reply !== null;
    // Older choices stay on the phone, and may be tapped as long as they are there.
    phone.choices.unshift(...(reply?.buttons ?? []), ...(reply?.list?.rows ?? []));
    return compare(turn, outcome, introduction);
  }

  private messageOf(turn: ScriptedTurn, { choices }: Phone): IncomingMessage | string {
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
    else if (name === 'away' || name === 'back') this.cast.away(text, name === 'away');
  }

  private introduction(language: string): string {
    const { phrases, locale } = this.content.language(language);
    return formatText(phrases.introduction ?? '', locale, { business: this.content.business.name });
  }
}

function compare(turn: ScriptedTurn, outcome: Outcome, introduction: string): Mismatch[] {
  const answered = turn.expected.some(({ kind }) => kind !== 'effect');
  const found = turn.expected.flatMap((expectation) => {
    const message = mismatch(expectation, outcome, introduction);
    return message === null ? [] : [{ line: expectation.line, message }];
  });
  // Whoever writes a transcript says what the answer is, also when there is none.
  if (!answered) found.push({ line: turn.line, message: `nothing says what the answer is; it was: ${shown(outcome)}` });
  return [...outcome.problems.map((message) => ({ line: turn.line, message })), ...found];
}

function mismatch({ kind, text }: Expectation, outcome: Outcome, introduction: string): string | null {
  const actual = outcome.reply?.text ?? null;
  if (kind === 'silence') return actual === null ? null : `expected no reply, but it was: ${shown(outcome)}`;
  if (kind === 'effect') return effectMismatch(text, outcome);
  if (actual === null) return `expected "${text}", but there was no reply`;
  const bare = actual.replace(introduction, '');
  return matches(text, actual) || matches(text, bare) ? null : `expected "${text}", but it was: ${shown(outcome)}`;
}

function effectMismatch(text: string, outcome: Outcome): string | null {
  const { words, pairs } = wordsOf(text);
  const [verb = '', ...rest] = words;
  if (verb === 'no') {
    const name = rest[0] ?? '';
    const hit = outcome.happenings.find((h) => h.done && (h.name === name || h.name.startsWith(`${name}.`)));
    return hit === undefined ? null : `${name} must not happen, but did`;
  }
  if (verb === 'button' || verb === 'row') {
    const { buttons = [], list } = outcome.reply ?? {};
    const titles = (verb === 'button' ? buttons : (list?.rows ?? [])).map(({ title }) => title);
    return titles.includes(rest.join(' ')) ? null : `there is no ${text}, only: ${titles.join(', ') || 'nothing'}`;
  }
  const candidates = outcome.happenings.filter((h) => h.name === verb);
  const fits = candidates.some(
    (h) =>
      rest.every((word) => h.words.includes(word)) &&
      Object.entries(pairs).every(([k, v]) => asText(h.values[k]) === v),
  );
  const seen = outcome.happenings.map((h) => [h.name, ...h.words, JSON.stringify(h.values)].join(' '));
  return fits ? null : `"${text}" did not happen, only: ${seen.join('; ') || 'nothing'}`;
}

function shown(outcome: Outcome): string {
  if (outcome.reply === null) return 'no reply';
  return `"${outcome.reply.text.replace(/\s+/g, ' ')}"`;
}
