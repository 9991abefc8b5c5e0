import { compile, evaluate, ExpressionError, fill, pathsOf } from './expression.js';

const facts = { order: { status: 'delivered', lines: [{ n: 1 }, { n: 2 }] }, slots: {}, customer: null };

describe('expressions', () => {
  it('read facts', async () => {
    expect(await evaluate('=order.status', facts)).toBe('delivered');
    expect(await evaluate('=order.status = "delivered"', facts)).toBe(true);
    expect(await evaluate('=order.lines.n', facts)).toEqual([1, 2]);
    expect(await evaluate('=customer.id', facts)).toBeUndefined();
    expect(await evaluate('=nothing.at.all', facts)).toBeUndefined();
  });

  it('do not reach what facts inherit', async () => {
    expect(await evaluate('=order.constructor', facts)).toBeUndefined();
    expect(await evaluate('=order.__proto__', facts)).toBeUndefined();
    expect(await evaluate('=order.lines.constructor', facts)).toBeUndefined();
  });

  it.each([
    '$eval("1")',
    '$now()',
    '$millis()',
    '$random()',
    '$shuffle([1])',
    '($f := $eval; 1)',
    '$map([1], $random)',
  ])('refuse %s', (source) => expect(() => compile(source)).toThrow(ExpressionError));

  it('stop when they never end', async () => {
    const endless = '($f := function($x) { $f($x + 1) + 1 }; $f(1))';
    await expect(evaluate(endless, facts)).rejects.toThrow(ExpressionError);
    await expect(evaluate('[1..9999999]', facts)).rejects.toThrow(ExpressionError);
  });

  it('fill templates and leave out what is unknown', async () => {
    const template = { a: '=order.status', b: 'plain', c: '=order.none', d: [1, '=order.lines[0].n'] };
    expect(await fill(template, facts)).toEqual({ a: 'delivered', b: 'plain', d: [1, 1] });
  });

  it('name what they read', () => {
    expect(pathsOf('=order.status = "x" and $exists(slots.order)')).toEqual([
      ['order', 'status'],
      ['slots', 'order'],
    ]);
  });
});
