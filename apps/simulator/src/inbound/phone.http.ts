import { readFileSync } from 'node:fs';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { notFound } from '@parley/errors';
import type { Request, Response } from 'express';
import type { LiveEvent } from '../domain/feed.js';
import type { World } from '../domain/world.js';
import { shown } from './control.http.js';

/** What the phone page works with; put together in the composition root. */
export abstract class PhoneParts {
  abstract readonly world: World;
}

const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};
const FILES = ['index.html', 'phone.css', 'phone.js', 'api.js', 'chat-view.js', 'people-view.js', 'icon.svg'];
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};
const HEARTBEAT_MS = 15_000;

@Controller()
export class PhoneHttp {
  // Read once: a name from a request never reaches the file system.
  private readonly files = new Map(
    FILES.map((name) => [name, readFileSync(new URL(`../web/${name}`, import.meta.url))]),
  );

  constructor(private readonly parts: PhoneParts) {}

  @Get()
  page(@Res() res: Response): void {
    this.file('index.html', res);
  }

  @Get('phone/:name')
  asset(@Param('name') name: string, @Res() res: Response): void {
    this.file(name, res);
  }

  @Get('health/live')
  live() {
    return { status: 'ok' };
  }

  @Get('health/ready')
  ready() {
    return { status: 'ok' };
  }

  /** Server-sent events: `entry`, `customer`, `typing`, `reset`. */
  @Get('simulator/api/events')
  events(@Req() req: Request, @Res() res: Response): void {
    res.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    res.write('retry: 1000\n\n');
    const leave = this.parts.world.feed.subscribe((event) =>
      res.write(`event: ${event.type}\ndata: ${wire(event)}\n\n`),
    );
    const heartbeat = setInterval(() => res.write(': still here\n\n'), HEARTBEAT_MS);
    req.on('close', () => {
      clearInterval(heartbeat);
      leave();
    });
  }

  private file(name: string, res: Response): void {
    const bytes = this.files.get(name);
    if (!bytes) throw notFound('SIMULATOR.NO_SUCH_FILE', 'There is no such file.');
    res.set({ ...HEADERS, 'content-type': TYPES[name.split('.').at(-1) ?? ''] ?? 'text/plain' }).end(bytes);
  }
}

function wire(event: LiveEvent): string {
  if (event.type === 'entry') return JSON.stringify({ phone: `+${event.waId}`, message: event.entry });
  if (event.type === 'customer') return JSON.stringify(shown(event.customer));
  if (event.type === 'typing') return JSON.stringify({ phone: `+${event.waId}` });
  return '{}';
}
