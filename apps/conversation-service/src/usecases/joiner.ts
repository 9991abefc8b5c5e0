import { currentTraceparent, inSpan } from '@parley/telemetry';

interface Waiting<Q, R> {
  question: Q;
  traceparent: string | undefined;
  resolve: (answer: R) => void;
  reject: (error: unknown) => void;
}

/**
 * Collects the questions that many conversations ask in the same turn of the event loop and asks them in one call. Answers come in
 * the order of the questions; a failure of the call is a failure of each. A question that is alone stays in its own trace; a call
 * for several has a span of its own, linked to theirs.
 */
export class Joiner<Q, R> {
  private waiting: Waiting<Q, R>[] = [];

  constructor(
    private readonly name: string,
    private readonly askAll: (questions: Q[]) => Promise<R[]>,
    /** Most questions in one call; the contracts allow 1,000. */
    private readonly limit = 500,
  ) {}

  ask(question: Q): Promise<R> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ question, traceparent: currentTraceparent(), resolve, reject });
      // After the microtasks of this turn: everything that became ready together goes together.
      if (this.waiting.length === 1) setImmediate(() => this.flush());
    });
  }

  private flush(): void {
    const all = this.waiting;
    this.waiting = [];
    for (let at = 0; at < all.length; at += this.limit) void this.send(all.slice(at, at + this.limit));
  }

  private async send(part: Waiting<Q, R>[]): Promise<void> {
    const questions = part.map(({ question }) => question);
    try {
      const links = part.map(({ traceparent }) => traceparent);
      const answers =
        part.length === 1
          ? await this.askAll(questions)
          : await inSpan(this.name, { parent: '', links }, () => this.askAll(questions));
      part.forEach(({ resolve, reject }, at) => {
        const answer = answers[at];
        if (answer === undefined) reject(new Error('A batch call answered fewer questions than it was asked.'));
        else resolve(answer);
      });
    } catch (error) {
      for (const { reject } of part) reject(error);
    }
  }
}
