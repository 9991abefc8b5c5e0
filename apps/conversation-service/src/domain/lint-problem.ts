import { compile, pathsOf } from './expression.js';

/** A problem with the document and the path in it; `where[0]` names the document, for flows and languages `where[1]` the index. */
export interface Located {
  where: (string | number)[];
  message: string;
}

/** Replies that the interpreter itself says, whatever the flows are. */
export const OWN_REPLIES = ['handoff', 'voice-note', 'media', 'nothing-changed'];

/** What is wrong with an expression by itself; null for nothing. */
export function problemOf(expression: string): string | null {
  try {
    compile(expression);
    pathsOf(expression);
    return null;
  } catch (thrown) {
    return (thrown as Error).message;
  }
}
