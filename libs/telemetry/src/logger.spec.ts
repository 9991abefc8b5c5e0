import { Writable } from 'node:stream';
import { createLogger } from './index.js';

function capture(): { lines: () => Record<string, unknown>[]; stream: Writable } {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString());
      done();
    },
  });
  return { stream, lines: () => chunks.map((chunk) => JSON.parse(chunk) as Record<string, unknown>) };
}

describe('createLogger', () => {
  it('writes one JSON object a line with service, level and time', () => {
    const { stream, lines } = capture();
    createLogger('erp-bridge', { destination: stream, level: 'info' }).info({ orders: 3 }, 'Orders read');
    expect(lines()).toEqual([
      expect.objectContaining({ service: 'erp-bridge', level: 'info', orders: 3, msg: 'Orders read' }),
    ]);
  });

  it('keeps of an error what names it, and nothing a driver hung on to it', () => {
    const { stream, lines } = capture();
    const error = Object.assign(new Error('refused', { cause: new Error('inner') }), {
      code: '23505',
      parameters: ['+12125550101'],
      detail: 'Key (phone)=(+12125550101) already exists.',
    });
    createLogger('crm', { destination: stream, level: 'info' }).error({ err: error }, 'Writing failed');
    expect(JSON.stringify(lines())).not.toContain('2125550101');
    expect(lines()[0]?.['err']).toMatchObject({ message: 'refused', code: '23505', cause: { message: 'inner' } });
  });
});
