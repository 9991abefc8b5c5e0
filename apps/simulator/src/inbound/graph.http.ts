import { timingSafeEqual } from 'node:crypto';
import { Controller, Delete, Get, Post, Req, Res, UploadedFile, UseInterceptors } from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import type { Request, Response } from 'express';
import { GraphFailure, noSuchObject } from '../domain/graph-errors.js';
import { newTraceId } from '../domain/identifiers.js';
import { objectOf, textOf, type JsonObject } from '../domain/json.js';
import type { World } from '../domain/world.js';
import type { ManageMedia } from '../usecases/manage-media.js';
import type { ManageTemplates } from '../usecases/manage-templates.js';
import type { Outcome, ReceiveSend } from '../usecases/receive-send.js';

/** What the Graph controller works with; put together in the composition root. */
export abstract class GraphParts {
  abstract readonly world: World;
  abstract readonly accessToken: string;
  abstract readonly sends: ReceiveSend;
  abstract readonly media: ManageMedia;
  abstract readonly templates: ManageTemplates;
}

interface UploadedBytes {
  buffer: Buffer;
  mimetype: string;
}

const VERSION = /^v\d{1,3}\.\d$/;

@Controller()
export class GraphHttp {
  constructor(private readonly parts: GraphParts) {}

  @Post([':version/:id/messages', ':version/:id/marketing_messages'])
  async send(@Req() req: Request, @Res() res: Response): Promise<void> {
    const numberId = this.number(req);
    const outcome = await this.parts.sends.run({ numberId, headers: req.headers, body: req.body as unknown });
    perform(outcome, req, res);
  }

  @Post(':version/:id/media')
  @UseInterceptors(FileInterceptor('file', { limits: { fileSize: 100 * 1024 * 1024 } }))
  upload(@Req() req: Request, @Res() res: Response, @UploadedFile() file?: UploadedBytes): void {
    const numberId = this.number(req);
    const form = objectOf(req.body);
    if (form['messaging_product'] !== 'whatsapp') throw required('messaging_product');
    if (!file) throw required('file');
    // The part's own content type decides; the form field is for callers that cannot set it.
    const mimeType = file.mimetype === 'application/octet-stream' ? textOf(form['type']) : file.mimetype;
    answer(res, this.parts.media.upload(numberId, mimeType ?? '', file.buffer));
  }

  @Get('whatsapp_business/attachments')
  download(@Req() req: Request, @Res() res: Response): void {
    this.authorise(req);
    const { mimeType, bytes } = this.parts.media.download(textOf(req.query['mid']) ?? '', Number(req.query['ext']));
    res.set({ 'content-type': mimeType, 'content-length': String(bytes.length), 'x-content-type-options': 'nosniff' });
    res.set('content-disposition', 'attachment').end(bytes);
  }

  @Post(':version/:id/message_templates')
  createTemplate(@Req() req: Request, @Res() res: Response): void {
    this.account(req);
    answer(res, this.parts.templates.create(objectOf(req.body)));
  }

  @Get(':version/:id/message_templates')
  listTemplates(@Req() req: Request, @Res() res: Response): void {
    this.account(req);
    answer(res, this.parts.templates.list(texts(req.query)));
  }

  @Delete(':version/:id/message_templates')
  deleteTemplate(@Req() req: Request, @Res() res: Response): void {
    this.account(req);
    const { name, hsm_id: id } = texts(req.query);
    answer(res, this.parts.templates.remove(name, id));
  }

  @Get(':version/:id/phone_numbers')
  numbers(@Req() req: Request, @Res() res: Response): void {
    this.account(req);
    answer(res, { data: [...this.parts.world.business.numbers.keys()].map((id) => this.numberInfo(id)) });
  }

  @Post(':version/:id/subscribed_apps')
  subscribe(@Req() req: Request, @Res() res: Response): void {
    this.account(req);
    answer(res, { success: true });
  }

  @Get(':version/:id')
  read(@Req() req: Request, @Res() res: Response): void {
    this.authorise(req);
    const id = String(req.params['id']);
    const found =
      this.numberInfo(id) ??
      this.parts.media.info(id, `${req.protocol}://${req.get('host') ?? 'localhost'}`) ??
      this.parts.templates.find(id, texts(req.query)['fields']);
    if (!found) throw noSuchObject('GET', id);
    answer(res, found);
  }

  @Post(':version/:id')
  edit(@Req() req: Request, @Res() res: Response): void {
    this.authorise(req);
    answer(res, this.parts.templates.edit(String(req.params['id']), objectOf(req.body)));
  }

  @Delete(':version/:id')
  remove(@Req() req: Request, @Res() res: Response): void {
    this.authorise(req);
    answer(res, this.parts.media.remove(String(req.params['id'])));
  }

  /** @throws GraphFailure 190 unless the token is the right one */
  private authorise(req: Request): void {
    const version = req.params['version'];
    if (version !== undefined && !VERSION.test(String(version))) {
      throw new GraphFailure(100, undefined, { http: 404, message: `Unknown path components: ${req.path}` });
    }
    const given = Buffer.from(/^Bearer (.+)$/i.exec(req.headers.authorization ?? '')?.[1] ?? '');
    const expected = Buffer.from(this.parts.accessToken);
    if (given.length === 0)
      throw new GraphFailure(190, undefined, { message: 'An access token is required to request this resource.' });
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new GraphFailure(190);
  }

  private number(req: Request): string {
    this.authorise(req);
    const id = String(req.params['id']);
    if (!this.parts.world.business.numbers.has(id)) throw noSuchObject('POST', id);
    return id;
  }

  private account(req: Request): void {
    this.authorise(req);
    const id = String(req.params['id']);
    if (id !== this.parts.world.business.accountId) throw noSuchObject(req.method, id);
  }

  private numberInfo(id: string): JsonObject | undefined {
    const display = this.parts.world.business.numbers.get(id);
    if (display === undefined) return undefined;
    return {
      id,
      verified_name: 'Parley Demo Store',
      display_phone_number: `+${display}`,
      code_verification_status: 'VERIFIED',
      quality_rating: 'GREEN',
      platform_type: 'CLOUD_API',
      throughput: { level: 'STANDARD' },
      whatsapp_business_manager_messaging_limit: 'TIER_100K',
      status: 'CONNECTED',
    };
  }
}

function required(name: string): GraphFailure {
  return new GraphFailure(100, undefined, { message: `The parameter ${name} is required.` });
}

function texts(query: Request['query']): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, textOf(value)]));
}

function answer(res: Response, body: JsonObject): void {
  res.set('x-fb-trace-id', newTraceId()).json(body);
}

/** Does to the connection what was decided about the call. */
function perform(outcome: Outcome, req: Request, res: Response): void {
  if (outcome.action === 'cut') {
    setTimeout(() => req.socket.resetAndDestroy(), outcome.afterMs).unref();
    return;
  }
  const reply = (): void => {
    if (outcome.retryAfter !== undefined) res.set('retry-after', String(outcome.retryAfter));
    res.status(outcome.http);
    if (outcome.body) answer(res, outcome.body);
    // What a proxy in between says when nobody is behind it.
    else res.type('text/html').send(`<html><body><h1>${outcome.http}</h1></body></html>`);
  };
  if (outcome.delayMs > 0) setTimeout(reply, outcome.delayMs).unref();
  else reply();
}
