import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Status {
  id: string;
  status: string;
  timestamp: string;
  recipient_id?: string;
  recipient_user_id?: string;
  biz_opaque_callback_data?: string;
  pricing?: object;
  errors?: { code: number }[];
}

export interface Message {
  id: string;
  from?: string;
  from_user_id: string;
  timestamp: string;
  type: string;
  [part: string]: unknown;
}

interface Value {
  contacts?: { wa_id?: string; user_id: string; profile: { name: string; username?: string } }[];
  messages?: Message[];
  statuses?: Status[];
  [field: string]: unknown;
}

export interface Received {
  raw: string;
  signature: string | undefined;
  /** Whether the signature fits the raw bytes. */
  valid: boolean;
  envelope: { object: string; entry: { id: string; changes: { field: string; value: Value }[] }[] };
}

const SECRET = 'demo-app-secret';

/** What a business runs to get webhooks: keeps them, answers as told. */
export class Receiver {
  readonly received: Received[] = [];
  private readonly answers: number[] = [];
  private server: Server | undefined;

  async start(): Promise<string> {
    this.server = createServer((req, res) => {
      void this.take(req).then(({ status, body }) => res.writeHead(status).end(body));
    });
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/webhooks/whatsapp`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  clear(): void {
    this.received.length = 0;
    this.answers.length = 0;
  }

  answerNext(...statuses: number[]): void {
    this.answers.push(...statuses);
  }

  values(): Value[] {
    return this.received.flatMap(({ envelope }) =>
      envelope.entry.flatMap(({ changes }) => changes.map(({ value }) => value)),
    );
  }

  statuses(): Status[] {
    return this.values().flatMap(({ statuses }) => statuses ?? []);
  }

  messages(): Message[] {
    return this.values().flatMap(({ messages }) => messages ?? []);
  }

  private async take(req: IncomingMessage): Promise<{ status: number; body: string }> {
    const url = new URL(req.url ?? '/', 'http://receiver');
    if (req.method === 'GET') {
      const right = url.searchParams.get('hub.verify_token') === 'demo-verify-token';
      return { status: right ? 200 : 403, body: url.searchParams.get('hub.challenge') ?? '' };
    }
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const digest = createHmac('sha256', SECRET).update(raw).digest('hex');
    const signature = req.headers['x-hub-signature-256']?.toString();
    const valid = signature === `sha256=${digest}`;
    const envelope = JSON.parse(raw.toString()) as Received['envelope'];
    this.received.push({ raw: raw.toString('latin1'), signature, valid, envelope });
    return { status: this.answers.shift() ?? 200, body: '' };
  }
}
