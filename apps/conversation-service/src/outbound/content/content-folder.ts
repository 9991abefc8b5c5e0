import type { ContentDocuments, LanguageDefinition, OwnIntentDefinition, ReplyText } from '../../domain/content.js';
import { ContentSnapshot } from '../../domain/content-snapshot.js';
import { ContentError } from '../../domain/errors.js';
import { lintContent } from '../../domain/lint-content.js';
import type { Located } from '../../domain/lint-problem.js';
import { filesIn, readYaml, type UnreadableFile, type YamlFile } from './read-yaml.js';
import { checkSchema, type SchemaName } from './schemas.js';

/** One thing that is wrong with the content, and what to do about it. */
export interface ContentProblem {
  file: string;
  line: number;
  message: string;
}

/** What a content folder holds: the documents, if they could be read at all, and everything that is wrong with them. */
export interface ContentReading {
  documents: ContentDocuments | null;
  problems: ContentProblem[];
}

interface Read {
  files: Map<string, YamlFile>;
  problems: ContentProblem[];
}

/** Reads and checks a content folder: YAML, JSON Schema, then everything that only makes sense across files. */
export async function readContent(folder: string): Promise<ContentReading> {
  const read: Read = { files: new Map(), problems: [] };
  const single = [
    ['business.yaml', 'business'],
    ['arguments.yaml', 'arguments'],
    ['routing.yaml', 'routing'],
  ] as const;
  for (const [file, schema] of single) await load(folder, file, schema, read);
  const flows = await filesIn(folder, 'flows', '.yaml');
  const replies = await filesIn(folder, 'replies', '.yaml');
  const intents = await filesIn(folder, 'intents', '.yaml');
  for (const file of flows) await load(folder, file, 'flows', read);
  for (const file of replies) await load(folder, file, 'replies', read);
  for (const file of intents) await load(folder, file, 'intents', read);
  if (read.problems.length > 0) return { documents: null, problems: read.problems };

  const valueOf = <T>(file: string): T => read.files.get(file)!.value as T;
  const documents: ContentDocuments = {
    business: valueOf('business.yaml'),
    arguments: valueOf('arguments.yaml'),
    routing: valueOf('routing.yaml'),
    languages: replies.map((file) => language(valueOf(file))),
    flows: flows.map((file) => valueOf(file)),
    ...(intents.length > 0 ? { intents: intents.map((file) => valueOf<OwnIntentDefinition>(file)) } : {}),
  };
  const found = await lintContent(documents);
  return { documents, problems: found.map((problem) => place(problem, documents, { flows, replies, intents, read })) };
}

/** The snapshot of a content folder, after the one before it; throws a `ContentError` that lists everything wrong. */
export async function loadContent(folder: string, previous: ContentSnapshot | null = null): Promise<ContentSnapshot> {
  const { documents, problems } = await readContent(folder);
  if (documents === null || problems.length > 0) {
    const lines = problems.map(({ file, line, message }) => `${file}:${line} ${message}`);
    throw new ContentError(`the content cannot be used: ${lines.join('; ')}`);
  }
  const fresh = new ContentSnapshot(documents, previous);
  return previous?.version === fresh.version ? previous : fresh;
}

async function load(folder: string, file: string, schema: SchemaName, into: Read): Promise<void> {
  const found = await readYaml(folder, file).catch((thrown: Error): UnreadableFile => ({ file, line: 1, message: thrown.message }));
  if ('message' in found) {
    into.problems.push(found);
    return;
  }
  into.files.set(file, found);
  for (const { path, message } of await checkSchema(folder, schema, found.value)) {
    into.problems.push({ file, line: found.lineOf(path), message });
  }
}

// A reply that is only a text is written as one.
function language(written: LanguageDefinition & { replies: Record<string, ReplyText | string> }): LanguageDefinition {
  const replies = Object.entries(written.replies).map(([key, reply]) => [
    key,
    typeof reply === 'string' ? { text: reply } : reply,
  ]);
  return { ...written, replies: Object.fromEntries(replies) as Record<string, ReplyText> };
}

function place(
  { where, message }: Located,
  documents: ContentDocuments,
  known: { flows: string[]; replies: string[]; intents: string[]; read: Read },
): ContentProblem {
  const [kind, ...rest] = where;
  const at = (file: string, path: (string | number)[]): ContentProblem => ({
    file,
    line: known.read.files.get(file)?.lineOf(path) ?? 1,
    message,
  });
  if (kind === 'flows') return at(known.flows[Number(rest[0])]!, rest.slice(1));
  if (kind === 'languages') return at(known.replies[Number(rest[0])]!, rest.slice(1));
  if (kind === 'intents') return at(known.intents[Number(rest[0])]!, rest.slice(1));
  return at(`${String(kind)}.yaml`, rest);
}
