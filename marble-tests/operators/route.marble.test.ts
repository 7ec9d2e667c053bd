import { describe, expect, test } from '@jest/globals';
import { EMPTY, of } from 'rxjs';
import { chain } from '../../src/core/flow/chain.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { route } from '../../src/operators/control/route.js';
import { marbles } from '../marbles.js';
import { told } from './told.js';

const kindOf = (text: string): string => (text.endsWith('?') ? 'question' : 'order');

describe('route', () => {
  test('runs the flow whose name the selector gives, as it comes', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const [question, order] = [cold('--x-y|'), cold('z|')];
    const flows = route(kindOf, { question: told('q', question), order: told('o', order) });
    expectObservable(cold('-i|', { i: 'why?' }).pipe(flows)).toBe('---x-y|');
    expectSubscriptions(question.subscriptions).toBe('-^----!');
    expectSubscriptions(order.subscriptions).toBe([]);
  }));

  test('waits for a selector, of which the first value counts', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const selector = cold('--a-b', { a: 'order', b: 'question' });
    expectObservable(route(() => selector, { question: told('q', cold('q|')), order: told('o', cold('-o|')) }).run('')).toBe('---o|');
    expectSubscriptions(selector.subscriptions).toBe('^-!');
  }));

  test('ends with an error of its source, its selector or what runs', marbles(({ cold, expectObservable }) => {
    const flows = { question: told('q', cold('-x#')) };
    expectObservable(cold('-#').pipe(route(kindOf, flows))).toBe('-#');
    expectObservable(route(() => cold<string>('-#'), flows).run('')).toBe('-#');
    expectObservable(route(kindOf, flows).run('?')).toBe('-x#');
  }));

  test('leaves selector and flow when it is unsubscribed', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const selector = cold('--a', { a: 'q' });
    const q = cold('-x-y|');
    expectObservable(route(() => selector, { q: told('q', q) }).run(''), '-!').toBe('--');
    expectObservable(route(() => 'q', { q: told('q', q) }).run(''), '--!').toBe('-x-');
    expectSubscriptions(selector.subscriptions).toBe('^!');
    expectSubscriptions(q.subscriptions).toBe('^-!');
  }));

  test('asks a flow, such as a model that classifies', async () => {
    const flows = route(told('classify', of('que', 'stion')), { question: (text: string) => `${text}?`, order: () => 0 });
    expect(await flows.invoke('why')).toBe('why?');
  });

  test('folds as what runs does', async () => {
    const flows = route(kindOf, { question: told('q', of('He', 'llo')), order: lambda((text: string) => text.length) });
    expect(await flows.invoke('why?')).toBe('Hello');
    expect(await flows.invoke('do')).toBe(2);
    expect(await chain(flows, lambda((x) => x)).invoke('why?')).toBe('Hello');
  });

  test.each([
    ['an unknown name', () => 'refund', "gave 'refund'. Known names: question, order"],
    ['a name of the prototype', () => 'constructor', "'constructor'"],
    ['no name', () => EMPTY, 'gave nothing'],
    ['what is no name', () => 42, 'a number, not a name'],
  ])('says that no flow has %s', async (_, selector, says) => {
    const flows = route(selector, { question: () => 1, order: () => 2 });
    await expect(flows.invoke('')).rejects.toMatchObject({ code: 'NO_ROUTE', message: expect.stringContaining(says) });
  });

  test('is refused without flows', () => {
    expect(() => route(kindOf, {})).toThrow('INVALID_OPTION');
  });
});
