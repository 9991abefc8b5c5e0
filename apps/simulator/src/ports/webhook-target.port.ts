/** What the receiver of a webhook answered. */
export interface TargetAnswer {
  status: number;
  body: string;
}

/** The application that has subscribed to webhooks. */
export abstract class WebhookTarget {
  /** Sends these exact bytes. Rejects when no answer came: refused, reset, or later than the time limit. */
  abstract post(body: Uint8Array, headers: Readonly<Record<string, string>>): Promise<TargetAnswer>;
  /** Asks whether the receiver is the one we were told about, by Meta's `hub.*` query. Rejects like `post`. */
  abstract handshake(query: Readonly<Record<string, string>>): Promise<TargetAnswer>;
}
