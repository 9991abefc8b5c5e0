import fc from 'fast-check';
import { Faults } from './faults.js';
import { Random } from './random.js';

describe('faults', () => {
  it('begin as a good day with the documented limits', () => {
    const { sends, limits, webhooks } = new Faults().behaviour;
    expect({ sends, limits }).toEqual({
      sends: [],
      limits: { messages_per_second: 80, pair: true, window: 'status', templates: true },
    });
    expect(webhooks).toMatchObject({ duplicates: 1, shuffle: false, batch: 1, drop: 0, signature: 'valid' });
  });

  it('replace the section that is given and leave the others', () => {
    const faults = new Faults({ limits: { messages_per_second: 1000 } });
    faults.set({ webhooks: { batch: 10 } });
    faults.set({ statuses: { drop: 1 }, limits: { pair: false } });
    const { webhooks, statuses, limits } = faults.behaviour;
    expect([webhooks.batch, statuses.drop, limits.pair, limits.messages_per_second]).toEqual([10, 1, false, 1000]);
    expect(faults.reset()).toEqual(new Faults({ limits: { messages_per_second: 1000 } }).behaviour);
  });

  it('refuse names and values they do not know, and change nothing', () => {
    const faults = new Faults();
    expect(() => faults.set({ webhook: {} })).toThrow(/webhook/);
    expect(() => faults.set({ statuses: { drop: 2 } })).toThrow();
    expect(() => faults.set({ sends: [{ kind: 'magic' }] })).toThrow();
    expect(faults.behaviour).toEqual(new Faults().behaviour);
  });

  it('strike as often as they were told to, and only whom they were told to', () => {
    const faults = new Faults();
    faults.set({ sends: [{ kind: 'reset', next: 2, to: '+491' }] });
    const strike = (name: string): string | undefined => faults.strike([name], new Random(1))?.kind;
    expect([strike('492'), strike('491'), strike('491'), strike('491')]).toEqual([
      undefined,
      'reset',
      'reset',
      undefined,
    ]);
  });

  it('take turns in the order in which they stand', () => {
    const faults = new Faults();
    faults.set({ sends: [{ kind: 'timeout', next: 1 }, { kind: 'reset', next: 1 }] }); // prettier-ignore
    const random = new Random(1);
    expect([faults.strike([], random)?.kind, faults.strike([], random)?.kind]).toEqual(['timeout', 'reset']);
  });

  it('fall the same way for the same seed', () => {
    const play = (seed: number, share: number): boolean[] => {
      const faults = new Faults();
      faults.set({ sends: [{ kind: 'reset', probability: share }] });
      const random = new Random(seed);
      return Array.from({ length: 50 }, () => faults.strike([], random) !== undefined);
    };
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, share) =>
        expect(play(seed, share)).toEqual(play(seed, share)),
      ),
    );
    expect(play(7, 0.5).filter(Boolean).length).toBeGreaterThan(10);
  });

  it('can be added one by one, behind those that are not used up', () => {
    const faults = new Faults();
    faults.set({ sends: [{ kind: 'reset', next: 1 }, { kind: 'timeout', next: 2 }] }); // prettier-ignore
    const strike = (): string | undefined => faults.strike(['+491'], new Random(1))?.kind;
    expect([strike(), strike()]).toEqual(['reset', 'timeout']);
    faults.add({ kind: 'http_error', next: 1 });
    expect(faults.behaviour.sends).toHaveLength(2);
    expect([strike(), strike(), strike()]).toEqual(['timeout', 'http_error', undefined]);
  });
});
