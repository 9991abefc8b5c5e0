import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { notFound } from '@parley/errors';
import { z } from 'zod';
import { customerAction } from '../domain/customer-messages.js';
import type { Customer } from '../domain/customers.js';
import type { World } from '../domain/world.js';
import type { Clock } from '../ports/clock.port.js';
import type { CheckSubscription } from '../usecases/check-subscription.js';
import type { DeliverWebhooks } from '../usecases/deliver-webhooks.js';
import type { ManageTemplates } from '../usecases/manage-templates.js';
import { rawWebhook, type SendRawWebhook } from '../usecases/send-raw-webhook.js';
import type { WriteAsCustomer } from '../usecases/write-as-customer.js';

/** What the control API works with; put together in the composition root. */
export abstract class ControlParts {
  abstract readonly world: World;
  abstract readonly clock: Clock;
  abstract readonly webhooks: DeliverWebhooks;
  abstract readonly write: WriteAsCustomer;
  abstract readonly raw: SendRawWebhook;
  abstract readonly subscription: CheckSubscription;
  abstract readonly templates: ManageTemplates;
}

const newCustomer = z.strictObject({
  phone: z.string().regex(/^\+?[1-9]\d{6,14}$/, 'must be a phone number in E.164'),
  name: z.string().min(1).max(100).optional(),
  user_id: z
    .string()
    .regex(/^[A-Z]{2}\.[A-Za-z0-9]{1,128}$/)
    .optional(),
  language: z.string().max(20).optional(),
  username: z.string().max(100).optional(),
  hide_phone: z.boolean().optional(),
  on_whatsapp: z.boolean().optional(),
});
const delivery = z.object({
  phone_number_id: z.string().optional(),
  times: z.number().int().min(1).max(100).optional(),
});
const windowChange = z.strictObject({ open: z.boolean() });
const templateStatus = z.strictObject({ status: z.string(), reason: z.string().optional() });

@Controller('simulator/api')
export class ControlHttp {
  constructor(private readonly parts: ControlParts) {}

  @Get('customers')
  customers() {
    return { customers: this.parts.world.customers.list().map(shown) };
  }

  @Post('customers')
  addCustomer(@Body() body: unknown) {
    const { user_id: userId, hide_phone: hidePhone, on_whatsapp: onWhatsapp, ...rest } = newCustomer.parse(body);
    const customer = this.parts.world.customers.put({ ...rest, userId, hidePhone, onWhatsapp });
    this.parts.world.feed.tell({ type: 'customer', customer });
    return shown(customer);
  }

  /** Delivery options (`phone_number_id`, `times`) stand beside the action's own fields. */
  @Post('customers/:phone/messages')
  @HttpCode(202)
  writeMessage(@Param('phone') phone: string, @Body() body: unknown) {
    const { phone_number_id: numberId, times: copies } = delivery.parse(body);
    const { phone_number_id: _, times: __, ...action } = body as Record<string, unknown>;
    return { id: this.parts.write.run(phone, customerAction.parse(action), { numberId, copies }).id };
  }

  @Get('customers/:phone/chat')
  chat(@Param('phone') phone: string) {
    const customer = this.customer(phone);
    return { customer: shown(customer), messages: this.parts.world.chats.list(customer.waId) };
  }

  @Post('customers/:phone/window')
  @HttpCode(200)
  window(@Param('phone') phone: string, @Body() body: unknown) {
    const { waId } = this.customer(phone);
    const { open } = windowChange.parse(body);
    if (open) this.parts.world.chats.openWindow(waId, this.parts.clock.now());
    else this.parts.world.chats.closeWindow(waId);
    return { open };
  }

  @Get('sends')
  sends(@Query('since') since?: string, @Query('to') to?: string) {
    const { sends, last } = this.parts.world.sends.since(
      since !== undefined && /^\d+$/.test(since) ? Number(since) : since,
    );
    const digits = to?.replace(/^[+ ]/, '');
    const wanted = sends.filter(({ body }) => digits === undefined || recipientsOf(body).includes(digits));
    return { sends: wanted, last };
  }

  @Get('faults')
  faults() {
    return this.parts.world.faults.behaviour;
  }

  @Put('faults')
  setFaults(@Body() body: unknown) {
    const behaviour = this.parts.world.faults.set(body);
    this.parts.webhooks.resume();
    return behaviour;
  }

  @Post('faults/sends')
  @HttpCode(200)
  addSendFault(@Body() body: unknown) {
    return this.parts.world.faults.add(body);
  }

  @Delete('faults')
  clearFaults() {
    const behaviour = this.parts.world.faults.reset();
    this.parts.webhooks.resume();
    return behaviour;
  }

  @Post('reset')
  @HttpCode(200)
  reset() {
    this.parts.world.reset();
    this.parts.webhooks.clear();
    return { ok: true };
  }

  @Post('webhooks')
  @HttpCode(200)
  async webhook(@Body() body: unknown) {
    return { answers: await this.parts.raw.run(rawWebhook.parse(body)) };
  }

  @Get('webhooks')
  deliveries() {
    return { ...this.parts.webhooks.state, deliveries: this.parts.webhooks.deliveries.list() };
  }

  @Post('handshake')
  @HttpCode(200)
  handshake() {
    return this.parts.subscription.run();
  }

  @Post('templates/:id/status')
  @HttpCode(200)
  templateStatus(@Param('id') id: string, @Body() body: unknown) {
    const { status, reason } = templateStatus.parse(body);
    if (!this.parts.templates.setStatus(id, status.toUpperCase(), reason)) {
      throw notFound('SIMULATOR.NO_SUCH_TEMPLATE', 'No template has this id.');
    }
    return { ok: true };
  }

  private customer(phone: string): Customer {
    const customer = this.parts.world.customers.byPhone(phone) ?? this.parts.world.customers.byUser(phone);
    if (!customer)
      throw notFound('SIMULATOR.NO_SUCH_CUSTOMER', 'Nobody with this phone number; add the customer first.');
    return customer;
  }
}

function recipientsOf(body: unknown): string[] {
  const { to, recipient } = (body ?? {}) as { to?: unknown; recipient?: unknown };
  return [to, recipient].flatMap((name) => (typeof name === 'string' ? [name.replace(/^\+/, '')] : []));
}

/** A customer as the API writes it. */
export function shown(customer: Customer) {
  const { phone, name, userId, language, username, hidePhone, onWhatsapp } = customer;
  return { phone, name, user_id: userId, language, username, hide_phone: hidePhone, on_whatsapp: onWhatsapp };
}
