import type { WebhookTarget } from './webhook-target.port.js';

/** A target and what reached the receiver behind it. */
export interface WebhookTargetSubject {
  target: WebhookTarget;
  /** Bodies, as text, with the signature header that came along. */
  received(): { body: string; signature: string | undefined }[];
  answerNext(status: number): void;
  /** From now on nobody answers. */
  vanish(): Promise<void>;
}

/** What every webhook target promises. The receiver's verify token is `demo-verify-token`. */
export function describeWebhookTarget(name: string, makeSubject: () => Promise<WebhookTargetSubject>): void {
  describe(`${name} as webhook target`, () => {
    it('delivers the exact bytes and headers', async () => {
      const subject = await makeSubject();
      const bytes = Buffer.from(String.raw`{"a":"\u00e9\/"}`, 'ascii');
      await expect(subject.target.post(bytes, { 'x-hub-signature-256': 'sha256=1' })).resolves.toMatchObject({
        status: 200,
      });
      expect(subject.received()).toEqual([{ body: bytes.toString('ascii'), signature: 'sha256=1' }]);
      await subject.vanish();
    });

    it('says what was answered', async () => {
      const subject = await makeSubject();
      subject.answerNext(503);
      await expect(subject.target.post(Buffer.from('{}'), {})).resolves.toMatchObject({ status: 503 });
      await subject.vanish();
    });

    it('asks for the challenge', async () => {
      const subject = await makeSubject();
      const query = { 'hub.mode': 'subscribe', 'hub.challenge': '42', 'hub.verify_token': 'demo-verify-token' };
      await expect(subject.target.handshake(query)).resolves.toEqual({ status: 200, body: '42' });
      await expect(subject.target.handshake({ ...query, 'hub.verify_token': 'x' })).resolves.toMatchObject({
        status: 403,
      });
      await subject.vanish();
    });

    it('rejects when nobody answers', async () => {
      const subject = await makeSubject();
      await subject.vanish();
      await expect(subject.target.post(Buffer.from('{}'), {})).rejects.toThrow();
    });
  });
}
