import type { ContentSnapshot } from '../domain/content-snapshot.js';
import { ContentError } from '../domain/errors.js';
import { ExpressionError } from '../domain/expression.js';
import type { Calls, JournalFrame, TurnInput, TurnResult } from '../domain/turn.js';
import { answerQuestion } from './run-turn-answer.js';
import { beginFlow, resumeFlow } from './run-turn-flow.js';
import { hear, yesOrNo, type Heard } from './run-turn-hear.js';
import { handOver, quiet, say } from './run-turn-outcome.js';
import { Turn } from './run-turn-context.js';

// Nothing anybody could want an answer to: reactions, stickers, edits, and whatever WhatsApp itself has to say.
const WITHOUT_ANSWER = new Set([
  'reaction',
  'sticker',
  'edit',
  'revoke',
  'echo',
  'system',
  'unsupported',
  'unknown',
  'errors',
]);
const SPOKEN = new Set(['audio', 'voice']);

/**
 * Decides what one message of a customer leads to: at most one reply, the effects that others carry out, and the state of
 * the dialog after it. The same input with the same answers of `calls` gives the same result; nothing else is read.
 * Throws only what `calls` throws (a dependency of ours is away: the turn is run again later).
 */
export async function runTurn(input: TurnInput, calls: Calls, content: ContentSnapshot): Promise<TurnResult> {
  const turn = new Turn(input, calls, content);
  try {
    await decide(turn, input.resume);
  } catch (thrown) {
    // Content that breaks at run time is our fault and no reason to leave a customer without an answer.
    if (!(thrown instanceof ExpressionError) && !(thrown instanceof ContentError)) throw thrown;
    turn.reply = null;
    await handOver(turn, 'content-error');
  }
  return turn.result();
}

async function decide(turn: Turn, resume: JournalFrame | null): Promise<void> {
  if (resume !== null) return resumeFlow(turn, resume);
  const { type, text, replyId } = turn.message;
  if (WITHOUT_ANSWER.has(type)) return quiet(turn, `quiet/${type}`);
  if (text.trim() === '' && replyId === null) return withoutWords(turn, type);
  const heard = accepted(turn, hear(turn));
  // A guess that nobody acts on must not choose the team of a hand-off either.
  turn.intent = heard.clear ? heard.intent : 'oos';
  if (turn.state.asked !== null && (await answerQuestion(turn, heard))) return;
  await beginFlow(turn, heard);
}

// Yes to an offer of the last reply ("Shall I pass you on?") is what its button says.
function accepted(turn: Turn, heard: Heard): Heard {
  const { offered } = turn.state.slots;
  delete turn.state.slots.offered;
  if (typeof offered !== 'string' || turn.state.asked !== null || yesOrNo(turn, heard) !== 'yes') return heard;
  return { ...heard, intent: offered, clear: true };
}

async function withoutWords(turn: Turn, type: string): Promise<void> {
  if (type === 'text') return quiet(turn, 'quiet/empty');
  turn.decidedBy = `media/${type}`;
  if (SPOKEN.has(type)) return handOver(turn, 'voice-note', 'voice-note');
  await say(turn, 'media');
}
