import { FakeClock } from '@parley/testing';
import type { NewActivity } from '../domain/activity.js';
import { at, contact, MAYA, START, type MakeSubject } from './subject.contract.js';

const activity = (dedupeKey: string, over: Partial<NewActivity> = {}): NewActivity => ({
  dedupeKey,
  kind: 'call',
  body: `Body of ${dedupeKey}`,
  at: at(0),
  contact: contact(MAYA),
  ...over,
});

/** What every adapter of `Activities` keeps. */
export function describeActivities(name: string, make: MakeSubject): void {
  describe(`${name} activities`, () => {
    it('writes one per key, and lists the latest oldest first, of this contact only', async () => {
      const { activities } = await make(new FakeClock(START));
      expect(await activities.log(activity('k2', { at: at(2) }))).toBe(true);
      expect(await activities.log(activity('k1', { at: at(1), kind: 'visit' }))).toBe(true);
      expect(await activities.log(activity('k1', { body: 'other' }))).toBe(false);
      await activities.log(activity('k0'));
      await activities.log(activity('other', { contact: contact('+34600100102') }));
      expect(await activities.list(contact('12125550101'), 2)).toEqual([
        { kind: 'visit', body: 'Body of k1', at: at(1) },
        { kind: 'call', body: 'Body of k2', at: at(2) },
      ]);
      expect(await activities.list(contact('', 'US.9'), 10)).toEqual([]);
    });

    it('lists by user id what was done with somebody whose number is hidden', async () => {
      const { activities } = await make(new FakeClock(START));
      await activities.log(activity('k1', { contact: contact('', 'US.1') }));
      expect(await activities.list(contact(MAYA, 'US.1'), 10)).toHaveLength(1);
    });
  });
}
