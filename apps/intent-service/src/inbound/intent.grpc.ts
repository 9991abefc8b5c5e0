import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { intent } from '@parley/contracts';
import { invalidArgument } from '@parley/errors';
import { passing } from '@parley/resilience';
import { counter, histogram } from '@parley/telemetry';
import { ParseMessage, type Answer } from '../usecases/parse-message.js';

const MOST_IN_A_BATCH = 1000;
const parsed = counter('parley_intent_parsed_total', 'Messages understood, by intent', ['intent']);
const confidence = histogram(
  'parley_intent_confidence',
  'Confidence of the returned intent, by intent',
  ['intent'],
  [0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1],
);
const words = counter('parley_intent_words_total', 'Words read, by the language of their message', ['language']);
const unknownWords = counter(
  'parley_intent_unknown_words_total',
  'Words read that the model has never learned, by the language of their message',
  ['language'],
);

/** The door of the intent service. */
@Controller()
export class IntentGrpc {
  constructor(private readonly parseMessage: ParseMessage) {}

  @GrpcMethod('IntentService', 'parse')
  parse(request: intent.ParseRequest): intent.ParseResponse {
    const answer = this.parseMessage.run(request);
    parsed.inc({ intent: answer.intent });
    confidence.observe({ intent: answer.intent }, answer.confidence);
    this.countWords(request, answer);
    return answer;
  }

  private countWords(request: intent.ParseRequest, answer: Answer): void {
    const language = answer.language || 'none';
    const read = this.parseMessage.wordsOf(request);
    words.inc({ language }, read.words);
    unknownWords.inc({ language }, read.unknown);
  }

  @GrpcMethod('IntentService', 'parseBatch')
  async parseBatch({ requests }: intent.ParseBatchRequest): Promise<intent.ParseBatchResponse> {
    if (requests.length > MOST_IN_A_BATCH) {
      throw invalidArgument('INTENT.BATCH_TOO_LARGE', `At most ${MOST_IN_A_BATCH} messages in one call.`);
    }
    await passing('intent-service.batch.parsing');
    const responses = requests.map((request) => this.parse(request));
    await passing('intent-service.batch.parsed');
    return { responses };
  }
}
