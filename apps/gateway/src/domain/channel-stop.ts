/**
 * How a stop was found out: by the answer to a POST, by a status that reported a failure after a POST had been accepted, or by
 * another replica (or an earlier process) that said so.
 */
export type StopSource = 'answer' | 'status' | 'elsewhere';

/** Pauses between two probes of a stopped channel. */
export interface ProbePauses {
  first: number;
  most: number;
}

/** A number from which nothing leaves but one probe at a time, until one goes through. */
export class ChannelStop {
  /** Whether it is written down for everybody to see. */
  reported: boolean;
  #pauseMs: number;
  #probeAt: number;
  #probing = false;
  #accepted = false;

  constructor(
    readonly reason: string,
    private readonly source: StopSource,
    private readonly since: number,
    private readonly pauses: ProbePauses,
  ) {
    this.#pauseMs = pauses.first;
    this.reported = source === 'elsewhere';
    // What somebody else found long ago may be over: whoever hears of it then looks for himself, at once.
    this.#probeAt = since + pauses.first;
  }

  /** When the next probe may leave. */
  get probeAt(): number {
    return this.#probeAt;
  }

  /** A probe leaves. */
  probe(now: number): void {
    this.#probing = true;
    this.#accepted = false;
    this.#probeAt = now + this.#pauseMs;
  }

  /** It was refused again. Only a probe makes the pause longer: many that were under way may fail at the same time. */
  refused(now: number): void {
    if (this.#probing) {
      this.#pauseMs = Math.min(this.#pauseMs * 2, this.pauses.most);
      // The others are to wait from now on, not from the first refusal.
      this.reported = false;
    }
    this.#probing = false;
    this.#accepted = false;
    this.#probeAt = now + this.#pauseMs;
  }

  /**
   * What took its turn at this moment was accepted; true when that ends the stop. What was under way already (its claim was
   * being written, or its POST) says nothing, and where statuses bring the bad news, it has to stay away first.
   */
  accepted(takenAt: number): boolean {
    if (takenAt <= this.since) return false;
    this.#accepted = this.#probing;
    return this.source === 'answer';
  }

  /** Whether a probe was accepted, and nothing bad was heard of it until the next one was due. */
  isOver(now: number): boolean {
    return this.#accepted && now >= this.#probeAt;
  }

  /**
   * Whether a message that got through at this moment ends the stop. It may have been posted long before: an answer to a POST
   * outweighs it, and what somebody else found may have been one.
   */
  endsBy(reachedAt: number): boolean {
    const mayBeOld = this.source === 'answer' || (this.source === 'elsewhere' && !this.#accepted);
    return !mayBeOld && reachedAt > this.since;
  }
}
