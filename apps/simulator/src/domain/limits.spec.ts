import { PAIR_BURST, PAIR_INTERVAL_MS, SendRates } from './limits.js';

const LIMITS = { messagesPerSecond: 80, pair: true };

function countAllowed(rates: SendRates, tries: number, recipient: (i: number) => string, now: number): number {
  const codes = Array.from({ length: tries }, (_, i) => rates.exceeded('1', recipient(i), now, LIMITS));
  return codes.filter((code) => code === undefined).length;
}

describe('send rates', () => {
  it('lets 45 messages at once through to one person, then one per six seconds', () => {
    const rates = new SendRates();
    const allowed = countAllowed(rates, 60, () => 'maya', 0);
    expect(allowed).toBe(PAIR_BURST);
    expect(rates.exceeded('1', 'maya', PAIR_INTERVAL_MS - 1, LIMITS)).toBe(131056);
    expect(rates.exceeded('1', 'maya', PAIR_INTERVAL_MS, LIMITS)).toBeUndefined();
    expect(rates.exceeded('1', 'maya', PAIR_INTERVAL_MS, LIMITS)).toBe(131056);
  });

  it('keeps pairs apart', () => {
    const rates = new SendRates();
    countAllowed(rates, 50, () => 'maya', 0);
    expect(rates.exceeded('1', 'omar', 0, LIMITS)).toBeUndefined();
    expect(rates.exceeded('2', 'maya', 0, LIMITS)).toBeUndefined();
  });

  it('lets a number send so many per second, whoever to', () => {
    const rates = new SendRates();
    expect(countAllowed(rates, 100, (i) => `p${i}`, 0)).toBe(80);
    expect(rates.exceeded('1', 'x', 0, LIMITS)).toBe(130429);
    expect(countAllowed(rates, 100, (i) => `q${i}`, 500)).toBe(40);
  });

  it('can be switched off', () => {
    const rates = new SendRates();
    const off = { messagesPerSecond: 0, pair: false };
    const codes = Array.from({ length: 500 }, () => rates.exceeded('1', 'maya', 0, off));
    expect(new Set(codes)).toEqual(new Set([undefined]));
  });
});
