import { partitionOf } from '../partitioner.js';
import type { PreparedRecord, StoredRecord } from '../record-codec.js';

/** One group's position in one partition, and who holds it. */
export interface MemoryClaim {
  epoch: number;
  member: string | undefined;
  committed: bigint;
}

interface Group {
  topic: string;
  members: string[];
  claims: MemoryClaim[];
}

/** What several in-memory buses share: the log itself and its groups. Nothing survives the process. */
export class InMemoryLog {
  readonly #partitions = new Map<string, StoredRecord[][]>();
  readonly #groups = new Map<string, Group>();
  readonly #listeners = new Set<() => void>();

  constructor(readonly partitions = 6) {}

  append(records: readonly PreparedRecord[]): void {
    for (const record of records) {
      const partition = partitionOf(record.key, this.partitions);
      const log = this.#log(record.topic, partition);
      log.push({ ...record, partition, offset: BigInt(log.length) });
    }
    this.#changed();
  }

  read(topic: string, partition: number, from: bigint, limit: number): StoredRecord[] {
    return this.#log(topic, partition).slice(Number(from), Number(from) + limit);
  }

  end(topic: string, partition: number): bigint {
    return BigInt(this.#log(topic, partition).length);
  }

  /** Every record of a topic, partition after partition. */
  all(topic: string): StoredRecord[] {
    return (this.#partitions.get(topic) ?? []).flat();
  }

  /** Called after every change, in a later turn. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  join(group: string, topic: string, member: string): void {
    this.#group(group, topic).members.push(member);
    this.#changed();
  }

  /** Removes a member; its claims are free from now on. */
  leave(group: string, topic: string, member: string): void {
    const { claims, members } = this.#group(group, topic);
    members.splice(members.indexOf(member), 1);
    for (const claim of claims) if (claim.member === member) claim.member = undefined;
    this.#changed();
  }

  /** Takes what is this member's share and free; returns its claims and whether it should keep each. */
  claim(group: string, topic: string, member: string): { partition: number; claim: MemoryClaim; keep: boolean }[] {
    const { claims, members } = this.#group(group, topic);
    const mine = (partition: number): boolean => members[partition % members.length] === member;
    return claims.flatMap((claim, partition) => {
      if (claim.member === undefined && mine(partition)) Object.assign(claim, { member, epoch: claim.epoch + 1 });
      return claim.member === member ? [{ partition, claim, keep: mine(partition) }] : [];
    });
  }

  /** The claim on a partition, whoever holds it. */
  held(group: string, topic: string, partition: number): MemoryClaim {
    const claim = this.#group(group, topic).claims[partition];
    if (!claim) throw new RangeError('There is no such partition.');
    return claim;
  }

  release(claim: MemoryClaim): void {
    claim.member = undefined;
    this.#changed();
  }

  #group(group: string, topic: string): Group {
    const key = `${group} ${topic}`;
    const fresh = (): MemoryClaim => ({ epoch: 0, member: undefined, committed: 0n });
    const known = this.#groups.get(key);
    const found = known ?? { topic, members: [], claims: Array.from({ length: this.partitions }, fresh) };
    if (!known) this.#groups.set(key, found);
    return found;
  }

  #log(topic: string, partition: number): StoredRecord[] {
    const known = this.#partitions.get(topic);
    const logs = known ?? Array.from({ length: this.partitions }, () => []);
    if (!known) this.#partitions.set(topic, logs);
    return logs[partition] ?? [];
  }

  #changed(): void {
    for (const listener of this.#listeners) queueMicrotask(listener);
  }
}
