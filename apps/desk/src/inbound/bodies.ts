import { z } from 'zod';
import { badRequest } from '../domain/errors.js';
import { CONVERSATION_STATES } from '../domain/conversation.js';

/** NUL cannot be stored in Postgres, and nobody types it. */
const text = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((value) => !value.includes('\0'), 'holds a NUL');

/** What each request may carry, and nothing else. */
export const bodies = {
  signIn: z.strictObject({ email: text(320), password: text(1024) }),
  changePassword: z.strictObject({ current: text(1024), next: text(1024) }),
  reply: z.strictObject({
    text: text(4096).refine((value) => value.trim() !== '', 'is blank'),
    idempotencyKey: z.string().regex(/^[\w-]{8,100}$/, 'must be 8 to 100 letters, digits, - or _'),
  }),
  id: z.string().regex(/^[\w.:-]{1,100}$/, 'is no id'),
  states: z
    .string()
    .optional()
    .transform((list) => (list ?? '').split(',').filter(Boolean))
    .pipe(z.array(z.enum(CONVERSATION_STATES))),
};

/** Reads what came in. @throws AppError INVALID_ARGUMENT `REQUEST.INVALID`, without the values */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'request'}: ${message}`);
  throw badRequest(problems.join('; '));
}
