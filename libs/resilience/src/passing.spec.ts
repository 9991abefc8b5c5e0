import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { passing, PLACES_CHANNEL, type Passage } from './index.js';

describe('passing', () => {
  let observe: (passage: Passage) => void;
  const observer = (message: unknown): void => observe(message as Passage);
  beforeEach(() => subscribe(PLACES_CHANNEL, observer));
  afterEach(() => unsubscribe(PLACES_CHANNEL, observer));

  it('does nothing where nobody observes', () => {
    unsubscribe(PLACES_CHANNEL, observer);
    expect(passing('gateway.webhook.verified')).toBeUndefined();
  });

  it('tells the name of the place', async () => {
    const seen: string[] = [];
    observe = ({ name }) => seen.push(name);
    await passing('gateway.webhook.verified');
    expect(seen).toEqual(['gateway.webhook.verified']);
  });

  it('takes as long as the observer holds it', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    observe = (passage) => {
      passage.hold = promise;
    };
    let passed = false;
    const walk = passing('gateway.webhook.verified')?.then(() => (passed = true));
    await Promise.resolve();
    expect(passed).toBe(false);
    resolve();
    await walk;
    expect(passed).toBe(true);
  });

  it('fails as the observer says', async () => {
    observe = (passage) => {
      passage.hold = Promise.reject(new Error('cut'));
    };
    await expect(passing('gateway.webhook.verified')).rejects.toThrow('cut');
  });
});
