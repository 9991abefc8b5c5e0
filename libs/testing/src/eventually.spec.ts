import { createServer } from 'node:net';
import { eventually, freePort, testMasterKey } from './index.js';

describe('eventually', () => {
  it('resolves with the first result that is neither thrown nor false', async () => {
    const answers = [() => false, () => expect(1).toBe(2), () => 'there'];
    expect(await eventually(() => answers.shift()?.(), { intervalMs: 1 })).toBe('there');
  });

  it('takes nothing returned for success', async () => {
    await eventually(() => undefined);
  });

  it('throws what the last attempt threw', async () => {
    const attempt = (): never => {
      throw new Error('still not');
    };
    await expect(eventually(attempt, { timeoutMs: 5, intervalMs: 1 })).rejects.toThrow('still not');
    await expect(eventually(() => false, { timeoutMs: 5, intervalMs: 1 })).rejects.toThrow(/in time/);
  });
});

describe('freePort', () => {
  it('can be listened on', async () => {
    const port = await freePort();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('testMasterKey', () => {
  it('is the same every time', () => {
    expect(testMasterKey().id).toBe(testMasterKey().id);
  });
});
