import { readFileSync } from 'node:fs';
import { Module, type DynamicModule } from '@nestjs/common';
import { intent } from '@parley/contracts';
import { Lifecycle, serveGrpc, type Running } from '@parley/service';
import { PORT_OFFSET, type Config } from './config.js';
import type { EntityOptions } from './domain/entities.js';
import { IntentGrpc } from './inbound/intent.grpc.js';
import { MODEL_FILE, readModel, type Heads } from './outbound/model/model-file.js';
import { eldDetector } from './outbound/training/detector.js';
import { ParseMessage } from './usecases/parse-message.js';

/** The parser with these models. */
export function parserOf({ intent: intents, language }: Heads, options: EntityOptions = {}): ParseMessage {
  return new ParseMessage(intents, language, eldDetector(), options);
}

/** The parser with the models that come with the service. @throws AppError `INTENT.MODEL_BROKEN` */
export function parseMessage(options: EntityOptions = {}): ParseMessage {
  return parserOf(readModel(readFileSync(MODEL_FILE)), options);
}

@Module({})
export class AppModule {
  static create(options: EntityOptions): DynamicModule {
    const provider = { provide: ParseMessage, useFactory: () => parseMessage(options) };
    return { module: AppModule, controllers: [IntentGrpc], providers: [provider] };
  }
}

/** Starts the service; it is ready when this resolves. */
export function startService(config: Config): Promise<Running> {
  return Lifecycle.start({ name: 'intent-service', portOffset: PORT_OFFSET, config }, async (life) => {
    await serveGrpc(life, AppModule.create({ country: config.PARLEY_COUNTRY }), {
      'parley.intent.v1.IntentService': intent.IntentServiceService,
    });
  });
}
