import { readFileSync } from 'node:fs';
import { Module, type DynamicModule } from '@nestjs/common';
import { intent } from '@parley/contracts';
import { Lifecycle, serveGrpc, type Running } from '@parley/service';
import { PORT_OFFSET, type Config } from './config.js';
import type { EntityOptions } from './domain/entities.js';
import { OwnIntents } from './domain/own/own-intents.js';
import { IntentGrpc } from './inbound/intent.grpc.js';
import { LiveOwnIntents, type Teacher } from './outbound/content/live-own-intents.js';
import { usableIntents } from './outbound/content/own-intents-folder.js';
import { MODEL_FILE, readModel, type Heads } from './outbound/model/model-file.js';
import { contrastTexts } from './outbound/training/contrast.js';
import { eldDetector } from './outbound/training/detector.js';
import { ParseMessage } from './usecases/parse-message.js';

/** What the business has taught, as it is at the moment. */
type Own = ConstructorParameters<typeof ParseMessage>[4];

/** The parser with these models. */
export function parserOf({ intent: intents, language }: Heads, options: EntityOptions = {}, own?: Own): ParseMessage {
  return new ParseMessage(intents, language, eldDetector(), options, own);
}

/** The models that come with the service. @throws AppError `INTENT.MODEL_BROKEN` */
const ownHeads = (): Heads => readModel(readFileSync(MODEL_FILE));

/** The parser with the models that come with the service. @throws AppError `INTENT.MODEL_BROKEN` */
export function parseMessage(options: EntityOptions = {}): ParseMessage {
  return parserOf(ownHeads(), options);
}

/** Learns a business's own intents beside this model. */
export function teacherOf({ intent: model }: Pick<Heads, 'intent'>): Teacher {
  const learn: Teacher['learn'] = (intents) =>
    OwnIntents.learn(intents, intents.length === 0 ? [] : contrastTexts(), model);
  return { builtIn: model.weights.labels, learn };
}

/** The parser with the models that come with the service and the own intents of a content folder, as the folder is now. */
export async function parseMessageWith(folder: string, options: EntityOptions = {}): Promise<ParseMessage> {
  const heads = ownHeads();
  const teacher = teacherOf(heads);
  return parserOf(heads, options, { current: teacher.learn(await usableIntents(folder, teacher.builtIn)) });
}

@Module({})
export class AppModule {
  static with(parser: ParseMessage): DynamicModule {
    return { module: AppModule, controllers: [IntentGrpc], providers: [{ provide: ParseMessage, useValue: parser }] };
  }
}

/** Starts the service; it is ready when this resolves. */
export function startService(config: Config): Promise<Running> {
  return Lifecycle.start({ name: 'intent-service', portOffset: PORT_OFFSET, config }, async (life) => {
    const heads = ownHeads();
    const own = await LiveOwnIntents.open(config.CONTENT_DIR, teacherOf(heads), life.log);
    life.onClose(() => own.close());
    const parser = parserOf(heads, { country: config.PARLEY_COUNTRY }, own);
    await serveGrpc(life, AppModule.with(parser), {
      'parley.intent.v1.IntentService': intent.IntentServiceService,
    });
  });
}
