import { HttpWebhookTarget } from '../src/outbound/http/http-webhook-target.js';
import { describeWebhookTarget } from '../src/ports/webhook-target.port.contract.js';
import { Receiver } from './receiver.js';

describeWebhookTarget('HTTP', async () => {
  const receiver = new Receiver();
  const url = await receiver.start();
  return {
    target: new HttpWebhookTarget(url, 2_000),
    received: () => receiver.received.map(({ raw, signature }) => ({ body: raw, signature })),
    answerNext: (status) => receiver.answerNext(status),
    vanish: () => receiver.stop(),
  };
});
