import { loadConfig } from '@parley/config';
import { freePort } from '@parley/testing';
import { Lifecycle, listenSettings, type Identity } from './index.js';

async function identity(): Promise<Identity> {
  const env = { OPS_PORT_BASE: String((await freePort()) - 2), LOG_LEVEL: 'silent' };
  return { name: 'a-service', portOffset: 2, config: loadConfig(listenSettings(2), env) };
}

const opsOf = ({ config, portOffset }: Identity): string => `http://127.0.0.1:${config.OPS_PORT_BASE + portOffset}`;

describe('the life of a service', () => {
  it('shows its health before it has started, and is ready only after', async () => {
    const who = await identity();
    const ready = async (): Promise<unknown> => (await fetch(`${opsOf(who)}/health/ready`)).json();
    const service = await Lifecycle.start(who, async (life) => {
      life.addCheck('store', () => Promise.resolve());
      expect(await ready()).toEqual({ status: 'failing', checks: { started: 'Still starting.', store: 'ok' } });
    });
    expect(await ready()).toEqual({ status: 'ok', checks: { started: 'ok', store: 'ok' } });
    await service.close();
    await expect(ready()).rejects.toThrow();
  });

  it('closes in the reverse order of opening, and the rest when something does not close', async () => {
    const closed: string[] = [];
    const reason = new Error('stuck');
    const service = await Lifecycle.start(await identity(), async (life) => {
      life.onClose(() => closed.push('store'));
      life.onClose(() => Promise.reject(reason));
      life.onClose(() => closed.push('doors'));
    });
    await expect(service.close()).rejects.toMatchObject({ cause: reason });
    expect(closed).toEqual(['doors', 'store']);
  });

  it('does its chores from the start, and ends only when the one in hand is done', async () => {
    const done: string[] = [];
    let finish = (): void => undefined;
    const long = new Promise<void>((resolve) => (finish = resolve));
    const service = await Lifecycle.start(await identity(), async (life) => {
      life.onClose(() => done.push('closed'));
      life.hourly(() => Promise.reject(new Error('not this time')), 'It failed');
      life.hourly(() => long.then(() => done.push('chore')), 'It failed');
    });
    const closing = service.close();
    finish();
    await closing;
    expect(done).toEqual(['chore', 'closed']);
  });

  it('fails to start for the reason of the step that failed, or because its port is taken', async () => {
    const who = await identity();
    const service = await Lifecycle.start(who, () => Promise.resolve());
    await expect(Lifecycle.start(who, () => Promise.resolve())).rejects.toThrow(/EADDRINUSE/);
    await service.close();
    await expect(Lifecycle.start(await identity(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
