import { describeWebhookTarget } from '../../ports/webhook-target.port.contract.js';
import { RecordingTarget } from './recording-target.js';

describeWebhookTarget('recording target', async () => {
  const target = new RecordingTarget();
  return {
    target,
    received: () =>
      target.posts.map(({ body, headers }) => ({ body: body.toString(), signature: headers['x-hub-signature-256'] })),
    answerNext: (status) => target.answerNext({ status, body: '' }),
    vanish: async () => target.answerNext(new Error('Nobody is there.')),
  };
});
