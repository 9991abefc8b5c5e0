import type { ContentDocuments, LanguageDefinition, ReplyText } from './content.js';
import { CLARIFY } from './content-snapshot.js';
import { OWN_REPLIES, type Located } from './lint-problem.js';
import { argumentsOf } from './message-arguments.js';
import { longestOf } from './text-length.js';

// Limits of WhatsApp for interactive and text messages.
const LIMITS = { button: 20, rowTitle: 24, description: 72, list: 20, withButtons: 1024, withList: 4096, text: 4096 };

// What a phrase is given, whoever uses it.
const TIME_ARGUMENTS = ['day', 'date', 'time', 'hour', 'timed'];
const PHRASE_ARGUMENTS: Record<string, string[]> = {
  introduction: ['business'],
  again: [],
  time: ['hour', 'hour2', 'hour12', 'minute', 'full', 'half', 'part'],
};

/** Everything wrong with the texts: missing keys, wrong ICU, arguments that differ between languages, lengths. */
export function lintReplies(documents: ContentDocuments): Located[] {
  const { languages, business } = documents;
  const reference = languages.find((l) => l.language === business.language) ?? languages[0];
  if (reference === undefined) return [{ where: ['business', 'language'], message: 'there is no replies/*.yaml' }];
  const keys = new Set(languages.flatMap((l) => Object.keys(l.replies)));
  const used = usedKeys(documents);
  return languages.flatMap((language, index) => {
    const at = (problem: Located): Located => ({ ...problem, where: ['languages', index, ...problem.where] });
    return [
      ...lintPhrases(language, reference),
      ...[...keys].flatMap((key) => lintReply(key, { language, reference, documents, used })),
      ...OWN_REPLIES.filter((key) => !keys.has(key)).map((key) => ({
        where: ['replies'],
        message: `reply "${key}" is missing`,
      })),
    ].map(at);
  });
}

interface Context {
  language: LanguageDefinition;
  reference: LanguageDefinition;
  documents: ContentDocuments;
  used: ReadonlySet<string>;
}

function lintReply(key: string, context: Context): Located[] {
  const { language, reference, used } = context;
  const reply = language.replies[key];
  if (reply === undefined)
    return [{ where: ['replies'], message: `reply "${key}" is missing: other languages have it` }];
  const problems: Located[] = used.has(key)
    ? []
    : [{ where: ['replies', key], message: `no flow uses reply "${key}": remove it` }];
  const other = partsOf(reference.replies[key] ?? reply);
  const parts = partsOf(reply);
  const where = (part: string): (string | number)[] => ['replies', key, ...(part === 'text' ? [] : part.split('.'))];
  for (const name of new Set([...Object.keys(parts), ...Object.keys(other)])) {
    const text = parts[name];
    if (text === undefined)
      problems.push({ where: ['replies', key], message: `"${name}" is missing: ${reference.language} has it` });
    else if (other[name] === undefined)
      problems.push({ where: where(name), message: `"${name}" is not in ${reference.language}` });
    else problems.push(...lintText(text, other[name], context).map((message) => ({ where: where(name), message })));
  }
  return problems.length > 0
    ? problems
    : lintLengths(reply, context).map((message) => ({ where: ['replies', key], message }));
}

function lintText(text: string, other: string, { reference, documents }: Context): string[] {
  const mine = parse(text);
  if (typeof mine === 'string') return [mine];
  const theirs = parse(other);
  const unknown = [...mine].filter((name) => documents.arguments[name] === undefined);
  if (unknown.length > 0) return unknown.map((name) => `{${name}} is not in arguments.yaml`);
  if (typeof theirs === 'string' || sameSet(mine, theirs)) return [];
  return [`uses {${[...mine].join('}, {')}}, but ${reference.language} uses {${[...theirs].join('}, {')}}`];
}

function lintPhrases(language: LanguageDefinition, reference: LanguageDefinition): Located[] {
  const problems: Located[] = [];
  for (const name of new Set([...Object.keys(PHRASE_ARGUMENTS), ...Object.keys(reference.phrases)])) {
    const text = language.phrases[name];
    if (text === undefined) {
      problems.push({ where: ['phrases'], message: `phrase "${name}" is missing` });
      continue;
    }
    const names = parse(text);
    const allowed = PHRASE_ARGUMENTS[name] ?? TIME_ARGUMENTS;
    const wrong = typeof names === 'string' ? names : [...names].find((n) => !allowed.includes(n));
    if (typeof names === 'string') problems.push({ where: ['phrases', name], message: names });
    else if (wrong !== undefined)
      problems.push({ where: ['phrases', name], message: `{${wrong}} is not one of {${allowed.join('}, {')}}` });
  }
  return problems;
}

function lintLengths(reply: ReplyText, { language, documents }: Context): string[] {
  const problems: string[] = [];
  const check = (text: string, limit: number, what: string): void => {
    const length = longestOf(text, language, documents.arguments);
    if (length > limit) problems.push(`${what} can get ${length} characters long, WhatsApp takes ${limit}: shorten it`);
  };
  const around = ['introduction', 'again'].reduce(
    (sum, name) => sum + longestOf(language.phrases[name] ?? '', language, documents.arguments) + 2,
    0,
  );
  const body = reply.buttons || reply.choices ? LIMITS.withButtons : reply.list ? LIMITS.withList : LIMITS.text;
  check(reply.text, body - around, 'the text');
  const labels = Object.entries(reply.buttons ?? {});
  for (const [id, label] of labels) check(label, LIMITS.button, `button "${id}"`);
  for (const [intent, label] of Object.entries(reply.choices ?? {})) check(label, LIMITS.button, `choice "${intent}"`);
  if (labels.length > 3) problems.push('WhatsApp takes three buttons at most');
  if (reply.list === undefined) return problems;
  check(reply.list.button, LIMITS.list, "the list's button");
  check(reply.list.title, LIMITS.rowTitle, "a row's title");
  check(reply.list.description ?? '', LIMITS.description, "a row's description");
  return problems;
}

function partsOf({ text, buttons = {}, choices = {}, list }: ReplyText): Record<string, string> {
  const labels = Object.entries({ buttons, choices }).flatMap(([part, texts]) =>
    Object.entries(texts).map(([id, label]) => [`${part}.${id}`, label] as const),
  );
  const rows = Object.entries(list ?? {}).map(([part, label]) => [`list.${part}`, String(label)] as const);
  return { text, ...Object.fromEntries(labels), ...Object.fromEntries(rows) };
}

function usedKeys({ flows, business }: ContentDocuments): Set<string> {
  const used = new Set([...OWN_REPLIES, CLARIFY, business.otherwise.reply ?? '']);
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, part] of Object.entries(value)) {
      if (typeof part === 'string' && ['reply', 'ask', 'choose', 'confirm'].includes(key)) used.add(part);
      visit(part);
    }
  };
  visit(flows);
  return used;
}

function parse(text: string): ReadonlySet<string> | string {
  try {
    return argumentsOf(text).all;
  } catch (thrown) {
    return `is not ICU MessageFormat: ${(thrown as Error).message}`;
  }
}

const sameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((n) => b.has(n));
