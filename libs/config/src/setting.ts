import { accessSync, constants, statSync } from 'node:fs';
import { z } from 'zod';

/** What settings are read from. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One environment variable: how it is read, what it means, and how it is shown in a README. */
export interface Setting<T> {
  /** One line for people; ends up in the README's table. */
  help: string;
  /** The default as it would be written in the environment; undefined means "must be set" or "off". */
  fallback: string | undefined;
  /** Turns the text into a value; throws a ZodError when the text will not do. */
  schema: z.ZodType<T>;
  /** A value that is fine for a demonstration and refused when NODE_ENV is `production`. */
  demoValue?: string;
  /** Another variable that may be set instead: without a value for either, this one is missing. */
  or?: string;
  /** What else has to be so, other variables considered; says what is wrong, without values. Asked when the value itself will do. */
  rule?: (env: Environment) => string | undefined;
  /** Never printed, logged or put in a README, not even as a default. */
  secret: boolean;
}

interface Options {
  default?: string;
  secret?: boolean;
  demoValue?: string;
  or?: string;
  rule?: (env: Environment) => string | undefined;
}

function setting<T>(schema: z.ZodType<T>, help: string, options: Options = {}): Setting<T> {
  const { demoValue, or, rule, secret = false } = options;
  return { help, schema, fallback: options.default ?? demoValue, secret, demoValue, or, rule };
}

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const durationMs = z.string().transform((text, ctx) => {
  const match = DURATION.exec(text);
  if (!match) {
    ctx.addIssue('must be a number with a unit: 250ms, 60s, 5m, 24h or 30d');
    return z.NEVER;
  }
  return Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 1);
});

const postgresUrl = z.url({
  protocol: /^postgres(?:ql)?$/,
  error: 'must be a URL like postgres://user@host/database',
});

function canBeRead(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

const file = z.string().refine(canBeRead, 'must be a file that this process can read');

const integer = (min: number, max: number): z.ZodType<number> =>
  z
    .string()
    .regex(/^-?\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max));

/** Builders for every kind of setting Parley has. All of them read text, because the environment is text. */
export const settings = {
  text: (help: string, options?: Options) => setting(z.string().min(1), help, options),
  optionalText: (help: string, options?: Options) => setting(z.string().min(1).optional(), help, options),
  url: (help: string, options?: Options) => setting(z.url(), help, options),
  optionalUrl: (help: string, options?: Options) => setting(z.url().optional(), help, options),
  optionalPostgresUrl: (help: string, options?: Options) => setting(postgresUrl.optional(), help, options),
  /** A path; that a file is there and readable is seen at start, what is in it when it is used. */
  optionalFile: (help: string, options?: Options) => setting(file.optional(), help, options),
  port: (help: string, options?: Options) => setting(integer(0, 65_535), help, options),
  integer: (help: string, min: number, max: number, options?: Options) => setting(integer(min, max), help, options),
  /** A span of time (`60s`); the value is milliseconds. */
  duration: (help: string, options?: Options) => setting(durationMs, help, options),
  /** Comma-separated, blanks dropped; the value is never empty strings. */
  list: (help: string, options?: Options) =>
    setting(
      z
        .string()
        .optional()
        .transform((text) => (text ?? '').split(',').flatMap((part) => part.trim() || [])),
      help,
      options,
    ),
  flag: (help: string, options?: Options) =>
    setting(
      z.enum(['on', 'off']).transform((text) => text === 'on'),
      help,
      options,
    ),
  oneOf: <const V extends readonly [string, ...string[]]>(values: V, help: string, options?: Options) =>
    setting<V[number]>(z.enum(values), help, options),
};
