/**
 * The value of an arithmetic expression: `+ - * / % ^`, parentheses, decimals. Precedence climbing, after
 * Richards (1979); nothing but numbers is ever looked at, so a model can't run anything with it.
 *
 * @throws Error naming the position of what can't be read
 */
export function arithmetic(source: string): number {
  if (source.length > 1000) throw new Error('the expression is longer than 1,000 characters');
  const tokens = [...source.matchAll(/\s*(?:(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+)|(.))/giu)].filter(([text]) => text.trim() !== '');
  let at = 0;

  const peek = (): string | undefined => tokens[at]?.[2];
  const unexpected = (): Error => new Error(tokens[at] ? `unexpected '${tokens[at]?.[0].trim()}' at ${tokens[at]?.index}` : 'the expression ends too early');

  function primary(depth: number): number {
    if (depth > 100) throw new Error('the expression is nested too deeply');
    const token = tokens[at];
    if (token?.[1] !== undefined) return at++, Number(token[1]);
    const sign = peek();
    if (sign === '-' || sign === '+') return at++, (sign === '-' ? -1 : 1) * operation(POWER, depth + 1);
    if (sign !== '(') throw unexpected();
    at++;
    const value = operation(0, depth + 1);
    if (peek() !== ')') throw unexpected();
    at++;
    return value;
  }

  function operation(least: number, depth: number): number {
    let left = primary(depth);
    for (let operator = OPERATORS[peek() ?? '']; operator && operator.binding >= least; operator = OPERATORS[peek() ?? '']) {
      at++;
      left = operator.apply(left, operation(operator.binding + (operator.binding === POWER ? 0 : 1), depth + 1));
    }
    return left;
  }

  const value = operation(0, 0);
  if (at < tokens.length) throw unexpected();
  return value;
}

const POWER = 3;

const OPERATORS: Readonly<Record<string, { readonly binding: number; apply(a: number, b: number): number }>> = {
  '+': { binding: 1, apply: (a, b) => a + b },
  '-': { binding: 1, apply: (a, b) => a - b },
  '*': { binding: 2, apply: (a, b) => a * b },
  '/': { binding: 2, apply: (a, b) => a / b },
  '%': { binding: 2, apply: (a, b) => a % b },
  '^': { binding: POWER, apply: (a, b) => a ** b },
};
