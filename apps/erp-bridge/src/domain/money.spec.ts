import { isMoney, isMore, minus, sumOf } from './money.js';

const eur = (amount: string): { amount: string; currency: string } => ({ amount, currency: 'EUR' });

describe('money', () => {
  it('sums without binary fractions', () => {
    const parts = [
      { quantity: 3, unitPrice: eur('0.1') },
      { quantity: 1, unitPrice: eur('0.205') },
    ];
    expect(sumOf(parts)).toEqual(eur('0.505'));
  });

  it('has no sum for nothing, nor for several currencies', () => {
    expect(sumOf([])).toBeUndefined();
    const usd = { quantity: 1, unitPrice: { amount: '1', currency: 'USD' } };
    expect(sumOf([{ quantity: 1, unitPrice: eur('1') }, usd])).toBeUndefined();
  });

  it('keeps whole amounts whole and signs right', () => {
    expect(sumOf([{ quantity: 2, unitPrice: eur('15') }])).toEqual(eur('30'));
    expect(minus(eur('0.05'), eur('0.10'))).toEqual(eur('-0.05'));
    expect(isMore(eur('10.01'), eur('10.0'))).toBe(true);
    expect(isMore(eur('10.0'), eur('10.00'))).toBe(false);
  });

  it('knows a decimal string from other texts', () => {
    expect(['12', '12.50', '-3.1'].map((amount) => isMoney(eur(amount)))).toEqual([true, true, true]);
    expect(['', '1e3', '1,5', '.5', '5.', ' 5'].some((amount) => isMoney(eur(amount)))).toBe(false);
    expect(isMoney({ amount: '1', currency: 'eur' })).toBe(false);
  });
});
