/**
 * Transcript tests (`*.chat`): what a customer says, what Parley must answer, and what must or must not happen.
 *
 *     scene: Maya asks where her order is
 *     now: 2026-11-22T10:00-05:00
 *     customer: maya phone=+12025550101 zone=America/New_York
 *     order: 1234 customer=maya status=out_for_delivery due=2026-11-22T16:00-05:00
 *
 *     > Track order 1234                       # track_order
 *     < Your order 1234 will arrive today by 4 PM.
 *       erp.getOrder number=1234
 *
 * Settings before the first scene hold for all scenes of the file. `#` says what the message means; `...` stands for any
 * text; `[Label]` taps a button or row; `(voice note)` and the like are messages without words.
 */
export interface Scene {
  title: string;
  line: number;
  settings: Setting[];
  turns: ScriptedTurn[];
}

/** A line such as `order: 1234 customer=maya`. */
export interface Setting {
  name: string;
  /** Everything behind the colon. */
  text: string;
  line: number;
}

/** One message of a customer and what must come of it. */
export interface ScriptedTurn {
  line: number;
  /** Who writes: null is the first customer of the scene, "stranger" nobody the CRM knows. */
  speaker: string | null;
  said: string;
  /** What the message means, from the comment behind it. */
  meaning: string[];
  /** Settings that change before this message: the clock, a system that goes away. */
  settings: Setting[];
  expected: Expectation[];
}

/** A reply, silence, or an effect that must or must not be there. */
export interface Expectation {
  kind: 'reply' | 'silence' | 'effect';
  text: string;
  line: number;
}

/** Thrown when a transcript cannot be read; says which line and why. */
export class TranscriptError extends Error {}

/** Reads the scenes of a file. */
export function parseTranscript(source: string): Scene[] {
  const scenes: Scene[] = [];
  const common: Setting[] = [];
  let waiting: Setting[] = [];
  source.split(/\r?\n/).forEach((raw, index) => {
    const line = index + 1;
    const text = raw.trim();
    if (text === '' || text.startsWith('#')) return;
    const scene = scenes.at(-1);
    const turn = scene?.turns.at(-1);
    if (text.startsWith('>')) {
      if (scene === undefined) throw new TranscriptError(`line ${line}: a message before the first "scene:"`);
      scene.turns.push({ ...saidIn(text.slice(1).trim(), line), settings: waiting });
      waiting = [];
    } else if (text.startsWith('<')) {
      expect(turn, reply(text.slice(1).trim(), line));
    } else if (/^\s/.test(raw)) {
      expect(turn, { kind: 'effect', text, line });
    } else {
      const setting = settingIn(text, line);
      if (setting.name === 'scene') scenes.push({ title: setting.text, line, settings: [...common], turns: [] });
      else if (scene === undefined) common.push(setting);
      else if (turn === undefined) scene.settings.push(setting);
      else waiting.push(setting);
    }
  });
  return scenes;
}

/** Words and `name=value` pairs of a setting or an effect; values with spaces stand in double quotes. */
export function wordsOf(text: string): { words: string[]; pairs: Record<string, string> } {
  const words: string[] = [];
  const pairs: Record<string, string> = {};
  for (const [part] of text.matchAll(/(?:[^\s"=]+=)?(?:"[^"]*"|\S+)/g)) {
    const at = part.startsWith('"') ? -1 : part.indexOf('=');
    const clean = (value: string): string => value.replace(/^"(.*)"$/s, '$1');
    if (at > 0) pairs[part.slice(0, at)] = clean(part.slice(at + 1));
    else words.push(clean(part));
  }
  return { words, pairs };
}

/** Whether a text is what a line expects; `...` stands for any text, and any white space is one space. */
export function matches(expected: string, actual: string): boolean {
  const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();
  const parts = plain(expected)
    .split('...')
    .map((part) => part.trim());
  const escaped = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`, 'su').test(plain(actual));
}

function saidIn(text: string, line: number): Omit<ScriptedTurn, 'settings'> {
  const comment = /\s+#\s+([a-z_]+(?:\s+\S+)*)$/.exec(text);
  const body = comment === null ? text : text.slice(0, comment.index);
  const from = /^\((?:from|as) (?:a |an |the )?([^)]+)\)\s*/.exec(body);
  return {
    line,
    speaker: from?.[1] ?? null,
    said: from === null ? body : body.slice(from[0].length),
    meaning: comment?.[1]?.split(/\s+/) ?? [],
    expected: [],
  };
}

function settingIn(text: string, line: number): Setting {
  const match = /^([a-z]+):\s*(.*)$/.exec(text);
  if (match === null)
    throw new TranscriptError(`line ${line}: "${text}" is neither "name: value" nor a line with > or <`);
  return { name: match[1]!, text: match[2]!, line };
}

function reply(text: string, line: number): Expectation {
  return text === '(nothing)' ? { kind: 'silence', text, line } : { kind: 'reply', text, line };
}

function expect(turn: ScriptedTurn | undefined, expectation: Expectation): void {
  if (turn === undefined) throw new TranscriptError(`line ${expectation.line}: nothing has been said before this`);
  const last = turn.expected.at(-1);
  // A reply of several lines is one reply.
  if (last?.kind === 'reply' && expectation.kind === 'reply') last.text = `${last.text} ${expectation.text}`;
  else turn.expected.push(expectation);
}
