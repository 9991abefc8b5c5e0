import { createHmac } from 'node:crypto';
import { personOfKey, RecordKeys } from './record-key.js';

const keys = new RecordKeys((kind, person) => createHmac('sha256', 'secret').update(`${kind}.${person}`).digest());

describe('a key in the log', () => {
  it('does not say who it is about', () => {
    const hidden = keys.hide('106540352242922:12125550101');
    expect(hidden).toMatch(/^106540352242922:~[\w-]{22}$/);
    expect(hidden).not.toContain('2125550101');
  });

  it('is the same for one person and another for others', () => {
    const hidden = ['1:49151', '1:49151', '1:49152', '2:49151', '1:US.49151'].map((key) => keys.hide(key));
    expect(hidden[0]).toBe(hidden[1]);
    expect(new Set(hidden).size).toBe(4);
  });

  it('can be read for whom it is about, by name or by the beginning of their hash', () => {
    expect(personOfKey('1:49151')).toEqual({ phoneNumberId: '1', kind: 'wa_id', person: '49151' });
    expect(personOfKey('1:US.49151')).toEqual({ phoneNumberId: '1', kind: 'user_id', person: 'US.49151' });
    const hash = createHmac('sha256', 'secret').update('wa_id.49151').digest('hex').slice(0, 32);
    expect(personOfKey(keys.hide('1:49151'))).toEqual({ phoneNumberId: '1', kind: 'hash', hash });
    expect([personOfKey('unreadable'), personOfKey('1:')]).toEqual([undefined, undefined]);
  });

  it('is left alone when it names nobody, or is hidden already', () => {
    for (const key of ['unreadable', '102290129340398:', '']) expect(keys.hide(key)).toBe(key);
    const hidden = keys.hide('1:49151');
    expect(keys.hide(hidden)).toBe(hidden);
  });
});
