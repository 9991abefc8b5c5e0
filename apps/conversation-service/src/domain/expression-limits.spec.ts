import { evaluate, ExpressionError } from './expression.js';

describe('an expression that would never end', () => {
  it.each([
    ['by calling itself', '=($f := function($n){ $n > 0 ? $f($n + 1) : 0 }; $f(1))'],
    ['by growing', '=($f := function($a){ $count($a) < 0 ? 0 : $f($append($a, $a)) }; $f([1, 2]))'],
    ['by counting', '=$sum([1..9999].($x := $; [1..9999].($x * $)))'],
  ])('is ended %s', async (_how, expression) => {
    await expect(evaluate(expression, {})).rejects.toThrow(ExpressionError);
  });
});
