import { GraphFailure, noSuchObject } from '../domain/graph-errors.js';
import { textOf, type JsonObject } from '../domain/json.js';
import type { Template } from '../domain/templates.js';
import type { World } from '../domain/world.js';
import type { Clock } from '../ports/clock.port.js';
import type { DeliverWebhooks } from './deliver-webhooks.js';

const APPROVAL_MS = 1_000;
const PAGE = 25;

export interface TemplateQuery {
  name?: string;
  language?: string;
  status?: string;
  fields?: string;
  limit?: string;
  after?: string;
}

/** The template half of the Graph API. New templates are approved after a second, and the business is told. */
export class ManageTemplates {
  constructor(
    private readonly world: World,
    private readonly webhooks: DeliverWebhooks,
    private readonly clock: Clock,
  ) {}

  create(body: JsonObject): JsonObject {
    const { id, status, category } = this.world.templates.create(body, 'PENDING');
    const { epoch } = this.world;
    this.clock.after(APPROVAL_MS, () => {
      if (epoch === this.world.epoch) this.setStatus(id, 'APPROVED');
    });
    return { id, status, category };
  }

  list(query: TemplateQuery): JsonObject {
    const all = this.world.templates
      .list()
      .filter(({ name }) => query.name === undefined || name.includes(query.name))
      .filter(({ language }) => query.language === undefined || language === query.language)
      .filter(({ status }) => query.status === undefined || status === query.status.toUpperCase());
    const start = query.after === undefined ? 0 : Number(Buffer.from(query.after, 'base64url').toString());
    const limit = Math.min(1_000, Math.max(1, Number(query.limit ?? PAGE) || PAGE));
    const page = all.slice(start, start + limit);
    const cursor = (at: number): string => Buffer.from(String(at)).toString('base64url');
    const cursors = { before: cursor(start), after: cursor(start + page.length) };
    const paging = start + limit < all.length ? { cursors, next: '' } : { cursors };
    return { data: page.map((template) => pick(template, query.fields)), paging };
  }

  find(id: string, fields?: string): JsonObject | undefined {
    const template = this.world.templates.list().find((each) => each.id === id);
    return template && pick(template, fields);
  }

  edit(id: string, body: JsonObject): JsonObject {
    const change = { components: body['components'], category: textOf(body['category']), status: 'PENDING' };
    if (!this.world.templates.edit(id, change)) throw noSuchObject('POST', id);
    const { epoch } = this.world;
    this.clock.after(APPROVAL_MS, () => {
      if (epoch === this.world.epoch) this.setStatus(id, 'APPROVED');
    });
    return { success: true };
  }

  remove(name: string | undefined, id: string | undefined): JsonObject {
    if (name === undefined) throw new GraphFailure(100, undefined, { message: 'The parameter name is required.' });
    if (this.world.templates.remove(name, id) === 0)
      throw new GraphFailure(100, `No template ${name}.`, { subcode: 2593002 });
    return { success: true };
  }

  /** Approves, pauses or rejects, and tells the business; false when there is no such template. */
  setStatus(id: string, status: string, reason = 'NONE'): boolean {
    const template = this.world.templates.edit(id, { status });
    if (!template) return false;
    const value: JsonObject = {
      event: status,
      message_template_id: Number(id),
      message_template_name: template.name,
      message_template_language: template.language,
      message_template_category: template.category,
      reason,
    };
    const time = Math.floor(this.clock.now() / 1000);
    const field = 'message_template_status_update';
    void this.webhooks.send({ kind: 'change', lane: field, label: field, field, value, time });
    return true;
  }
}

/** Graph gives id and a few fields unless asked for others. */
function pick(template: Template, fields: string | undefined): JsonObject {
  const { quality_score: quality, rejected_reason: rejected, ...usual } = template;
  if (fields === undefined) return usual;
  const all: JsonObject = { ...usual, quality_score: quality, rejected_reason: rejected };
  const names = ['id', ...fields.split(',').map((name) => name.trim())];
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}
