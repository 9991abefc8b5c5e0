import type { Json, JsonObject } from '../domain/evidence.js';
import type { Clock } from '../ports/clock.port.js';
import type { AppendEvidence } from './append-evidence.js';

/** The topic of evidence that comes by no topic: what the audit service itself was asked to do. */
export const OWN_TOPIC = 'audit.service';

/** Something the audit service did. */
export interface OwnDeed {
  /** Unique for ever; the same deed again is not recorded again. */
  readonly id: string;
  readonly action: string;
  readonly metadata: JsonObject;
  readonly content?: Json;
  readonly order?: string;
  readonly session?: string;
  /** Pseudonyms of those it is about; nothing is sealed under their keys, so it outlives them. */
  readonly pseudonyms?: readonly string[];
}

/** Puts what the audit service itself does into the trail it keeps. */
export class RecordOwn {
  constructor(
    private readonly append: AppendEvidence,
    private readonly clock: Clock,
  ) {}

  async run(...deeds: readonly OwnDeed[]): Promise<void> {
    const evidence = deeds.map(({ id, content = '', order = '', session = '', ...deed }) => ({
      ...{ ...deed, content, order, session, eventId: `${OWN_TOPIC}/${id}`, topic: OWN_TOPIC },
      ...{ occurredAt: this.clock.now(), requestIds: [] },
    }));
    await this.append.run(evidence, { topic: OWN_TOPIC, partition: 0, commit: () => Promise.resolve() });
  }
}
