import { createHash } from 'node:crypto';
import type {
  ArgumentDefinition,
  BusinessDefinition,
  ContentDocuments,
  FlowDefinition,
  LanguageDefinition,
  ReplyText,
  RoutingRule,
} from './content.js';

/** Reply that asks which of the likeliest wishes it is. */
export const CLARIFY = 'clarify';

/** A reading of a message. */
interface Guess {
  intent: string;
  confidence: number;
}

/** Name of a flow in a state: a conversation finishes on the version it began with. */
export const flowKey = (flow: FlowDefinition): string => `${flow.flow}@${flow.version}`;

/**
 * One immutable state of the content. A snapshot remembers the one before it: flows that still run on an older version, and
 * replies only that version used, are found there.
 */
export class ContentSnapshot {
  /** Hash over everything in it; recorded with every step. */
  readonly version: string;
  readonly business: BusinessDefinition;
  readonly languages: ReadonlyMap<string, LanguageDefinition>;
  private readonly flows: ReadonlyMap<string, FlowDefinition>;
  private readonly byIntent: ReadonlyMap<string, FlowDefinition>;

  constructor(
    private readonly documents: ContentDocuments,
    private readonly previous: ContentSnapshot | null = null,
  ) {
    freeze(documents);
    this.version = createHash('sha256').update(JSON.stringify(documents)).digest('hex').slice(0, 16);
    this.business = documents.business;
    this.languages = new Map(documents.languages.map((l) => [l.language, l]));
    this.flows = new Map(documents.flows.map((f) => [flowKey(f), f]));
    this.byIntent = new Map(documents.flows.flatMap((f) => f.intents.map((intent) => [intent, f])));
  }

  static fromJSON(documents: ContentDocuments, previous: ContentSnapshot | null = null): ContentSnapshot {
    return new ContentSnapshot(documents, previous);
  }

  toJSON(): ContentDocuments {
    return this.documents;
  }

  /** The flows new conversations take. */
  current(): readonly FlowDefinition[] {
    return this.documents.flows;
  }

  forIntent(intent: string): FlowDefinition | undefined {
    return this.byIntent.get(intent);
  }

  /** Whether that is sure enough to act on: what a mistake costs decides. */
  isSure({ intent, confidence }: Guess): boolean {
    const { default: otherwise, intents = {} } = this.business.confidence;
    return confidence >= (intents[intent] ?? otherwise);
  }

  /** The likeliest wishes, at most `most`, of a message whose meaning is not sure: those it is worth asking about. */
  likely(understanding: Guess & { alternatives: readonly Guess[] }, most: number): string[] {
    const { ask } = this.business.confidence;
    if (ask === undefined || this.isSure(understanding)) return [];
    const offered = this.reply(this.business.language, CLARIFY)?.choices ?? {};
    return [understanding, ...understanding.alternatives]
      .filter(({ intent, confidence }) => confidence >= ask && intent in offered)
      .map(({ intent }) => intent)
      .slice(0, most);
  }

  /** A flow as "name@version", also of older content; the current one of that name when the version is gone. */
  running(key: string): FlowDefinition | undefined {
    const name = key.slice(0, key.lastIndexOf('@'));
    return this.exactly(key) ?? this.documents.flows.find((f) => f.flow === name);
  }

  language(code: string): LanguageDefinition {
    const found = this.languages.get(code) ?? this.languages.get(this.business.language);
    if (found === undefined) throw new Error(`content has no language ${code}`);
    return found;
  }

  reply(language: string, key: string): ReplyText | undefined {
    return this.language(language).replies[key] ?? this.previous?.reply(language, key);
  }

  argument(name: string): ArgumentDefinition | undefined {
    return this.documents.arguments[name] ?? this.previous?.argument(name);
  }

  routing(): readonly RoutingRule[] {
    return this.documents.routing;
  }

  private exactly(key: string): FlowDefinition | undefined {
    return this.flows.get(key) ?? this.previous?.exactly(key);
  }
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  Object.values(value).forEach(freeze);
}
