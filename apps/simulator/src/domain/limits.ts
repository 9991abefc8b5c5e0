/** Starts full; a take costs one token, tokens come back evenly. */
export class TokenBucket {
  private tokens: number;
  private at: number;

  constructor(
    private readonly capacity: number,
    private readonly tokensPerMs: number,
    now: number,
  ) {
    this.tokens = capacity;
    this.at = now;
  }

  private refill(now: number): void {
    this.tokens = Math.min(this.capacity, this.tokens + Math.max(0, now - this.at) * this.tokensPerMs);
    this.at = now;
  }

  /** Whether there was a token; if not, nothing is taken. */
  take(now: number): boolean {
    this.refill(now);
    // A hair below one is one: sums of sixths of a second do not add up exactly in binary.
    if (this.tokens < 1 - 1e-9) return false;
    this.tokens -= 1;
    return true;
  }

  isFull(now: number): boolean {
    this.refill(now);
    return this.tokens >= this.capacity;
  }
}

/** What Meta calls the pair rate limit: 45 messages at once, then one per six seconds to the same person. */
export const PAIR_BURST = 45;
export const PAIR_INTERVAL_MS = 6_000;
/** How long a customer's message lets a business write without a template. */
export const WINDOW_MS = 24 * 3_600_000;

const BUCKETS_BEFORE_SWEEP = 10_000;

export interface RateSettings {
  /** Messages per second and business number; 0 switches the limit off. */
  messagesPerSecond: number;
  pair: boolean;
}

/** The two send rates, per business number and per pair of business number and recipient. */
export class SendRates {
  private readonly numbers = new Map<string, { bucket: TokenBucket; rate: number }>();
  private readonly pairs = new Map<string, TokenBucket>();

  /** The Graph error code of the limit that was hit, if any. A refused send costs no token. */
  exceeded(numberId: string, recipient: string, now: number, settings: RateSettings): 130429 | 131056 | undefined {
    const { messagesPerSecond, pair } = settings;
    if (messagesPerSecond > 0 && !this.numberBucket(numberId, messagesPerSecond, now).take(now)) return 130429;
    if (pair && !this.pairBucket(`${numberId}:${recipient}`, now).take(now)) return 131056;
    return undefined;
  }

  clear(): void {
    this.numbers.clear();
    this.pairs.clear();
  }

  private numberBucket(numberId: string, rate: number, now: number): TokenBucket {
    const known = this.numbers.get(numberId);
    if (known && known.rate === rate) return known.bucket;
    const bucket = new TokenBucket(rate, rate / 1000, now);
    this.numbers.set(numberId, { bucket, rate });
    return bucket;
  }

  private pairBucket(key: string, now: number): TokenBucket {
    let bucket = this.pairs.get(key);
    if (!bucket) {
      if (this.pairs.size >= BUCKETS_BEFORE_SWEEP) this.sweep(now);
      bucket = new TokenBucket(PAIR_BURST, 1 / PAIR_INTERVAL_MS, now);
      this.pairs.set(key, bucket);
    }
    return bucket;
  }

  /** A full bucket is as good as a new one. */
  private sweep(now: number): void {
    for (const [key, bucket] of this.pairs) if (bucket.isFull(now)) this.pairs.delete(key);
  }
}
