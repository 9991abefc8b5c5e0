import fc from 'fast-check';
import type { BusinessDefinition, RoutingRule } from './content.js';
import { durationMs } from './duration.js';
import { chooseLanguage, matchLanguage, namedLanguage } from './language.js';
import { openingAt } from './opening-hours.js';
import { route } from './routing.js';
import { chooseZone, zoneOfPhone } from './time-zone.js';
import { instantOf, isZone, wallClock } from './wall-clock.js';

const codes = ['en', 'es', 'pt-BR', 'de', 'ar'];
const languages = [
  { language: 'en', name: 'English' },
  { language: 'es', name: 'Español' },
  { language: 'pt-BR', name: 'Português' },
];

describe('language', () => {
  it('fits by the tag, else by its base', () => {
    expect(['es-MX', 'pt', 'pt-PT', 'EN_gb', 'zh'].map((tag) => matchLanguage(tag, codes))).toEqual([
      'es',
      'pt-BR',
      'pt-BR',
      'en',
      null,
    ]);
  });
  it('is the first hint there is content for', () => {
    expect(chooseLanguage(['', 'zh', null, 'de-AT', 'es'], codes, 'en')).toBe('de');
    expect(chooseLanguage(['', undefined], codes, 'en')).toBe('en');
  });
  it.each([
    ['spanish', 'es'],
    ['Español', 'es'],
    ['inglés', 'en'],
    ['pt', 'pt-BR'],
    ['klingon', null],
    ['', null],
  ])('named %p is %p', (name, code) => expect(namedLanguage(name, languages)).toBe(code));
});

describe('zone', () => {
  it.each([
    ['+4930123456', 'Europe/Berlin'],
    ['919876543210', 'Asia/Kolkata'],
    ['+390612345678', 'Europe/Rome'],
    ['+4721000000', 'Europe/Oslo'],
    ['+212520000000', 'Africa/Casablanca'],
    ['+38338000000', 'Europe/Belgrade'],
    ['+298200000', 'Atlantic/Faroe'],
    ['+12025550101', null],
    ['+5511999999999', null],
    ['+351210000000', null],
    ['+34910000000', null],
  ])('of %s is %p', (phone, zone) => expect(zoneOfPhone(phone)).toBe(zone));

  it('is one that clocks know, for every calling code', () => {
    const codes = Array.from({ length: 1000 }, (_, code) => zoneOfPhone(`+${code}00000000`));
    for (const zone of codes) if (zone !== null) expect([zone, isZone(zone)]).toEqual([zone, true]);
  });

  it("is the customer's, else the phone's, else the installation's", () => {
    expect(chooseZone('Asia/Tokyo', '+4930123456', 'UTC')).toBe('Asia/Tokyo');
    expect(chooseZone('Mars/Base', '+4930123456', 'UTC')).toBe('Europe/Berlin');
    expect(chooseZone(null, null, 'UTC')).toBe('UTC');
  });
});

describe('wall clock', () => {
  it('comes back to the instant it was read at', () => {
    const zone = fc.constantFrom('America/New_York', 'Asia/Kolkata', 'Europe/Madrid', 'UTC', 'Pacific/Auckland');
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2026-06-01'), max: new Date('2026-08-01'), noInvalidDate: true }),
        zone,
        (date, name) => {
          const clock = wallClock(date, name);
          const minute = Math.floor(date.getTime() / 60_000) * 60_000;
          expect(instantOf(clock.dayNumber, clock.hour, clock.minute, name).getTime()).toBe(minute);
        },
      ),
    );
  });
});

describe('opening hours', () => {
  const business = { hours: { mon: ['08:00', '20:00'], sat: ['09:00', '18:00'] } } as unknown as BusinessDefinition;
  const at = (now: string): unknown => openingAt(business, new Date(now), 'America/New_York');
  it('open and close by the wall clock', () => {
    expect(at('2026-11-23T08:00-05:00')).toEqual({ open: true, opensAt: null });
    expect(at('2026-11-23T20:00-05:00')).toEqual({ open: false, opensAt: new Date('2026-11-28T09:00-05:00') });
    expect(at('2026-11-22T12:00-05:00')).toEqual({ open: false, opensAt: new Date('2026-11-23T08:00-05:00') });
  });
  it('may be none at all', () => {
    expect(openingAt({ hours: {} } as unknown as BusinessDefinition, new Date(), 'UTC')).toEqual({
      open: false,
      opensAt: null,
    });
  });
});

describe('routing', () => {
  const rules: RoutingRule[] = [
    { when: { intent: ['complaint'], tier: ['gold'] }, team: 'service', priority: 'urgent' },
    { when: { intent: ['refund_request'] }, team: 'billing', priority: 'normal' },
    { team: 'service', priority: 'normal' },
  ];
  const facts = { reason: 'requested', language: 'en' };
  it('takes the first rule whose conditions all hold', () => {
    expect(route(rules, { ...facts, intent: 'complaint', tier: 'gold' }).priority).toBe('urgent');
    expect(route(rules, { ...facts, intent: 'complaint', tier: null }).priority).toBe('normal');
    expect(route(rules, { ...facts, intent: 'refund_request', tier: null }).team).toBe('billing');
  });
});

describe('duration', () => {
  it.each([
    ['P1D', 86_400_000],
    ['PT1H30M', 5_400_000],
    ['P1W', 604_800_000],
    ['PT0S', 0],
    ['P', null],
    ['1D', null],
    ['', null],
  ])('%p is %p ms', (text, ms) => expect(durationMs(text)).toBe(ms));
});
