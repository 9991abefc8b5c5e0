import { incomingAttributes, safePath } from './incoming-request.js';

describe('the path of a request in a span', () => {
  it('keeps routes and our own ids', () => {
    for (const path of [
      '/',
      '/webhooks/whatsapp',
      '/api/conversations/0b7f4f7e-9d0c-4a55-8f0a-3c8a1c5a7e11/take-over',
    ]) {
      expect(safePath(path)).toBe(path);
    }
  });

  it('says nothing of tokens, numbers, names and queries', () => {
    expect(safePath('/l/Zm9vYmFy')).toBe('/l/…');
    expect(safePath('/12125550101/maya%40example.com?x=1')).toBe('/…/…');
    expect(incomingAttributes({ url: '/webhooks/whatsapp?hub.verify_token=secret' })).toMatchObject({
      'url.path': '/webhooks/whatsapp',
      'url.query': undefined,
    });
  });
});
