import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createLogger } from '@parley/telemetry';
import type { NextFunction, Request, Response } from 'express';
import type { Config } from './config.js';
import { World } from './domain/world.js';
import { ControlHttp, ControlParts } from './inbound/control.http.js';
import { ErrorsFilter } from './inbound/errors.filter.js';
import { GraphHttp, GraphParts } from './inbound/graph.http.js';
import { PhoneHttp, PhoneParts } from './inbound/phone.http.js';
import { HttpWebhookTarget } from './outbound/http/http-webhook-target.js';
import { SystemClock } from './outbound/system/system-clock.js';
import { AcceptSend } from './usecases/accept-send.js';
import { CheckSubscription } from './usecases/check-subscription.js';
import { DeliverWebhooks } from './usecases/deliver-webhooks.js';
import { ManageMedia } from './usecases/manage-media.js';
import { ManageTemplates } from './usecases/manage-templates.js';
import { ReceiveSend } from './usecases/receive-send.js';
import { ReportStatuses } from './usecases/report-statuses.js';
import { SendRawWebhook } from './usecases/send-raw-webhook.js';
import { WriteAsCustomer } from './usecases/write-as-customer.js';

// Nest controllers answer in the order in which they are named: Graph's paths begin with a wildcard, so they come last.
const CONTROLLERS = [PhoneHttp, ControlHttp, GraphHttp];

@Module({})
export class AppModule {
  static of(config: Config): DynamicModule {
    return { module: AppModule, controllers: CONTROLLERS, providers: providersOf(config) };
  }
}

function worldOf(config: Config): World {
  const [firstDisplay = '15550783881'] = config.SIMULATOR_DISPLAY_PHONE_NUMBER;
  const numbers = config.WHATSAPP_PHONE_NUMBER_ID.map(
    (id, index) =>
      [id, config.SIMULATOR_DISPLAY_PHONE_NUMBER[index] ?? String(BigInt(firstDisplay) + BigInt(index))] as const,
  );
  const limits = {
    messages_per_second: config.SIMULATOR_MESSAGES_PER_SECOND,
    pair: config.SIMULATOR_PAIR_LIMIT,
    window: config.SIMULATOR_WINDOW,
    templates: config.SIMULATOR_TEMPLATES,
  };
  const accountId = config.WHATSAPP_BUSINESS_ACCOUNT_ID[0] ?? '';
  return new World({ accountId, numbers: new Map(numbers) }, { seed: config.SIMULATOR_SEED, behaviour: { limits } });
}

function providersOf(config: Config): Provider[] {
  const world = worldOf(config);
  const clock = new SystemClock();
  const url = config.WEBHOOK_URL ?? `http://127.0.0.1:${config.GATEWAY_PORT}/webhooks/whatsapp`;
  const target = new HttpWebhookTarget(url, config.SIMULATOR_WEBHOOK_TIMEOUT);
  const webhooks = new DeliverWebhooks(world, target, clock, config.WHATSAPP_APP_SECRET);
  const templates = new ManageTemplates(world, webhooks, clock);
  const accept = new AcceptSend(world, new ReportStatuses(world, webhooks, clock), clock);
  const graph: GraphParts = {
    world,
    templates,
    accessToken: config.WHATSAPP_ACCESS_TOKEN,
    sends: new ReceiveSend(world, accept, clock),
    media: new ManageMedia(world, clock),
  };
  const control: ControlParts = {
    world,
    clock,
    webhooks,
    templates,
    write: new WriteAsCustomer(world, webhooks, clock),
    raw: new SendRawWebhook(world, target, webhooks, clock),
    subscription: new CheckSubscription(target, config.WHATSAPP_VERIFY_TOKEN),
  };
  return [
    { provide: GraphParts, useValue: graph },
    { provide: ControlParts, useValue: control },
    { provide: PhoneParts, useValue: { world } },
  ];
}

/** A page of another site must not steer the simulator of whoever has it open. */
function refuseOtherSites(req: Request, res: Response, next: NextFunction): void {
  if (req.headers['sec-fetch-site'] === 'cross-site') res.status(403).end();
  else next();
}

/** The whole application, not yet listening. */
export async function createApp(config: Config): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.of(config), {
    bodyParser: false,
    forceCloseConnections: true,
    logger: ['error', 'fatal'],
  });
  app.disable('x-powered-by');
  app.use(refuseOtherSites);
  app.useBodyParser('json', { limit: '5mb' });
  // Longer than any client keeps an idle connection: closing first would look to it like a send of unknown outcome.
  app.getHttpServer().keepAliveTimeout = 120_000;
  app.useGlobalFilters(new ErrorsFilter(createLogger('simulator', { level: config.LOG_LEVEL })));
  return app;
}
