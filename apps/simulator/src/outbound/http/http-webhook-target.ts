import { unavailable } from '@parley/errors';
import { WebhookTarget, type TargetAnswer } from '../../ports/webhook-target.port.js';

const USER_AGENT = 'facebookexternalua';

/** Posts with the global fetch, whose pool keeps connections alive. */
export class HttpWebhookTarget extends WebhookTarget {
  constructor(
    private readonly url: string,
    private readonly timeoutMs: number,
  ) {
    super();
  }

  override post(body: Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>>): Promise<TargetAnswer> {
    return this.request(this.url, { method: 'POST', body, headers: { ...headers, 'user-agent': USER_AGENT } });
  }

  override handshake(query: Readonly<Record<string, string>>): Promise<TargetAnswer> {
    const url = new URL(this.url);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return this.request(url.href, { method: 'GET', headers: { 'user-agent': USER_AGENT } });
  }

  private async request(url: string, init: RequestInit): Promise<TargetAnswer> {
    try {
      const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(this.timeoutMs) });
      return { status: response.status, body: await response.text() };
    } catch (cause) {
      throw unavailable('WEBHOOK.UNREACHABLE', 'The webhook receiver did not answer.', cause);
    }
  }
}
