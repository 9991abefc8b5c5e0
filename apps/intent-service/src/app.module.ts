import { Module, type DynamicModule } from '@nestjs/common';
import { intent } from '@parley/contracts';
import { Lifecycle, serveGrpc, type Running } from '@parley/service';
import { PORT_OFFSET, type Config } from './config.js';
import { Classifier } from './domain/classifier.js';
import { IntentGrpc } from './inbound/intent.grpc.js';
import { eldDetector } from './outbound/training/detector.js';
import { readUtterances } from './outbound/training/utterances.js';
import { ParseMessage } from './usecases/parse-message.js';

/** Above 1 the model would be more modest; on texts it has not seen, 1 was closest to its hits. */
const TEMPERATURE = 1;

/** Trains both models from the data that comes with the service: a fraction of a second, and never out of step with it. */
export function parseMessage(): ParseMessage {
  const utterances = readUtterances();
  const intents = new Classifier(
    utterances.map(({ text, intent }) => ({ text, label: intent })),
    TEMPERATURE,
  );
  const languages = new Classifier(utterances.map(({ text, language }) => ({ text, label: language })));
  return new ParseMessage(intents, languages, eldDetector());
}

@Module({})
export class AppModule {
  static create(): DynamicModule {
    const provider = { provide: ParseMessage, useFactory: parseMessage };
    return { module: AppModule, controllers: [IntentGrpc], providers: [provider] };
  }
}

/** Starts the service; it is ready when this resolves. */
export function startService(config: Config): Promise<Running> {
  return Lifecycle.start({ name: 'intent-service', portOffset: PORT_OFFSET, config }, async (life) => {
    await serveGrpc(life, AppModule.create(), { 'parley.intent.v1.IntentService': intent.IntentServiceService });
  });
}
