import type { AddressInfo } from 'node:net';
import { loadConfig } from '@parley/config';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApp } from '../src/app.module.js';
import { schema } from '../src/config.js';
import { Receiver } from './receiver.js';

export const MAYA = '+12125550101';
export const NUMBER = '106540352242922';
export const ACCOUNT = '102290129340398';
const TOKEN = 'demo-access-token';
// Reports without the pauses that make a demonstration look real.
const AT_ONCE = { sent_ms: 0, delivered_ms: 0, read_ms: 0 };

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown> & {
    error?: { code: number; error_data?: { details: string }; fbtrace_id: string; error_subcode?: number };
  };
}

/** The whole simulator and a receiver of its webhooks, both on free ports. */
export class Play {
  readonly receiver = new Receiver();
  base = '';
  private app: NestExpressApplication | undefined;

  async start(): Promise<void> {
    const env = { WEBHOOK_URL: await this.receiver.start(), SIMULATOR_PORT: '0', LOG_LEVEL: 'silent' };
    this.app = await createApp(loadConfig(schema, env));
    await this.app.listen(0, '127.0.0.1');
    this.base = `http://127.0.0.1:${(this.app.getHttpServer().address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await this.app?.close();
    await this.receiver.stop();
  }

  /** A clean table with statuses that come at once. */
  async reset(): Promise<void> {
    await this.control('POST', '/reset');
    await this.control('PUT', '/faults', { statuses: AT_ONCE, webhooks: { retry_ms: 10 } });
    this.receiver.clear();
  }

  async control(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.call(method, `/simulator/api${path}`, body, {});
  }

  async faults(faults: Record<string, object>): Promise<Answer> {
    const { statuses, ...rest } = faults;
    return this.control('PUT', '/faults', statuses ? { ...rest, statuses: { ...AT_ONCE, ...statuses } } : rest);
  }

  async graph(method: string, path: string, body?: unknown, token = TOKEN): Promise<Answer> {
    return this.call(method, `/v25.0/${path}`, body, { authorization: `Bearer ${token}` });
  }

  /** A free-form text unless told otherwise. */
  async send(message: object = {}, to = MAYA): Promise<Answer> {
    const text = { messaging_product: 'whatsapp', to, type: 'text', text: { body: 'Hello' } };
    return this.graph('POST', `${NUMBER}/messages`, { ...text, ...message });
  }

  async openWindow(phone = MAYA): Promise<void> {
    await this.control('POST', `/customers/${phone}/window`, { open: true });
  }

  async write(action: object, phone = MAYA): Promise<string> {
    const { body } = await this.control('POST', `/customers/${phone}/messages`, action);
    return String(body['id']);
  }

  async chat(phone = MAYA): Promise<Record<string, unknown>[]> {
    return (await this.control('GET', `/customers/${phone}/chat`)).body['messages'] as Record<string, unknown>[];
  }

  private async call(method: string, path: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
    const response = await fetch(`${this.base}${path}`, {
      method,
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(5_000),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text.startsWith('{') ? (JSON.parse(text) as Answer['body']) : {},
    };
  }
}

export function wamidOf(answer: Answer): string {
  return (answer.body['messages'] as { id: string }[])[0]?.id ?? '';
}
