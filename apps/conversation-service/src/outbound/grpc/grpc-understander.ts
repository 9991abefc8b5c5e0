import type { intent } from '@parley/contracts';
import type { Promised } from '@parley/grpc';
import type { Understanding } from '../../domain/turn.js';
import { Understander, type Utterance } from '../../ports/understanding.port.js';

/** The intent service over gRPC: one call for all utterances. */
export class GrpcUnderstander extends Understander {
  constructor(private readonly client: Promised<intent.IntentServiceClient>) {
    super();
  }

  override async understand(utterances: readonly Utterance[]): Promise<Understanding[]> {
    const { responses } = await this.client.parseBatch({
      requests: utterances.map(({ text, languageHint, asked }) => ({
        text,
        languageHint: languageHint || undefined,
        context: asked || undefined,
      })),
    });
    // A guess that is not certain must not change the language somebody is answered in.
    return responses.map(({ language, languageCertain, ...rest }) => ({
      ...rest,
      language: languageCertain ? language : '',
    }));
  }
}
