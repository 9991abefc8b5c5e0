import { z } from 'zod';

const NAME = /^[a-z][a-z_]*$/;
const FEWEST = 5;
const MOST = 20;
/** Longer than any example that is one wish. */
const LONGEST = 300;

const words = z.string().min(1).max(LONGEST);

/** One file of `content/intents`; `intents.schema.json` is made of it. */
export const ownIntentFile = z
  .strictObject({
    intent: z
      .string()
      .regex(NAME)
      .meta({ description: 'Name of the intent, the same as the file\'s; flows name it under "intents".' }),
    examples: z
      .array(words)
      .min(FEWEST)
      .max(MOST)
      .meta({ description: 'Five to twenty messages of customers who want it, in their words and languages.' }),
    synonyms: z
      .record(words, z.array(words).min(1))
      .optional()
      .meta({ description: 'Words that are read as another word: that word, and the words that mean the same.' }),
    numbers: z
      .array(
        z.strictObject({
          type: z.string().regex(NAME).meta({ description: 'Entity type; a slot takes it by "from".' }),
          masks: z.array(z.string()).min(1).max(MOST).meta({
            description:
              'How it looks: 0 is a digit, a is a letter; capitals, 1 to 9 and single - / . or spaces are themselves. EN-00000',
          }),
        }),
      )
      .optional()
      .meta({ description: 'Numbers with a shape of their own. One of them and nothing else means this intent.' }),
  })
  .meta({ $id: 'https://parley.invalid/intents.schema.json', title: "An intent of the business's own" });

/** What a file says, checked. */
export type OwnIntentFile = z.infer<typeof ownIntentFile>;

/** A place where a file breaks its schema. */
export interface FileProblem {
  path: (string | number)[];
  message: string;
}

/** The file's content, or everything that breaks its schema, with what to do. */
export function checkOwnIntentFile(value: unknown): { file: OwnIntentFile } | { problems: FileProblem[] } {
  const { success, data, error } = ownIntentFile.safeParse(value);
  if (success) return { file: data };
  return { problems: error.issues.flatMap(problemsOf) };
}

function problemsOf(issue: z.core.$ZodIssue): FileProblem[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  const last = path.at(-1);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `unknown key "${key}": remove it or correct its name`,
    }));
  }
  if (last === 'examples' && (issue.code === 'too_small' || issue.code === 'too_big')) {
    const few = issue.code === 'too_small';
    return [{ path, message: `too ${few ? 'few' : 'many'} examples: write ${FEWEST} to ${MOST}` }];
  }
  if (issue.code === 'invalid_format') return [{ path, message: `"${String(last)}" must be small letters and _` }];
  if (issue.code === 'invalid_type' && path.includes('masks')) {
    return [{ path, message: 'a mask must be a text: put it in quotes' }];
  }
  return [{ path, message: `${last === undefined ? 'the file' : `"${last}"`}: ${issue.message}` }];
}
