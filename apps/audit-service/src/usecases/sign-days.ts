import { dayOf, type Head } from '../domain/chain.js';
import { MerkleTree } from '../domain/merkle.js';
import {
  dayText,
  digestOf,
  headsDigest,
  headText,
  lineOf,
  signedGenesis,
  type SignedDay,
  type SignedHead,
} from '../domain/signed.js';
import type { Clock } from '../ports/clock.port.js';
import type { Heads } from '../ports/heads.port.js';
import type { Signer } from '../ports/signer.port.js';

/** A day counts as over this long after midnight: writers' clocks may differ, and what is in hand may finish. */
const GRACE_MS = 10 * 60_000;

/** Signs where the chains of each finished day ended. */
export class SignDays {
  constructor(
    private readonly heads: Heads,
    private readonly signer: Signer,
    private readonly clock: Clock,
  ) {}

  /** Every day that is over and not signed yet, oldest first; returns those signed by this call. */
  async run(): Promise<SignedDay[]> {
    const today = dayOf(new Date(this.clock.now().getTime() - GRACE_MS));
    const signed: SignedDay[] = [];
    for (const day of await this.heads.unsignedDays(today)) {
      const chains = await this.heads.close(day);
      const { heads: before, day: last } = await this.heads.latest();
      const previous = new Map(before.map((head) => [lineOf(head.chain), digestOf(headText(head))]));
      const heads = await this.#signAll(chains, previous);
      const unsigned = {
        ...{ day, chains: heads.length, entries: heads.reduce((sum, { sequence }) => sum + sequence, 0n) },
        ...{ heads: headsDigest(heads), previous: last ? digestOf(dayText(last)) : signedGenesis('days') },
        signedAt: this.clock.now(),
      };
      const whole = { ...unsigned, ...this.signer.sign(dayText(unsigned)) };
      if (await this.heads.store(whole, heads)) signed.push(whole);
    }
    return signed;
  }

  /** Where chains end now, signed and not stored: for a day that is not over. */
  async now(chains: ReadonlyMap<string, Head>): Promise<SignedHead[]> {
    const { heads } = await this.heads.latest();
    return this.#signAll(chains, new Map(heads.map((head) => [lineOf(head.chain), digestOf(headText(head))])));
  }

  async #signAll(chains: ReadonlyMap<string, Head>, previous: ReadonlyMap<string, Buffer>): Promise<SignedHead[]> {
    const heads: SignedHead[] = [];
    for (const [chain, { sequence, hash }] of chains) {
      if (sequence === 0n) continue;
      const { root } = new MerkleTree(await this.heads.hashes(chain, sequence));
      const line = lineOf(chain);
      const before = previous.get(line) ?? signedGenesis(line);
      const unsigned = { chain, sequence, hash, root, previous: before, signedAt: this.clock.now() };
      heads.push({ ...unsigned, ...this.signer.sign(headText(unsigned)) });
    }
    return heads;
  }
}
