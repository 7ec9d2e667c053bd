import { describe, expect, test } from '@jest/globals';
import { map, of, range } from 'rxjs';
import { mapAsync } from '../../src/core/demand/mapAsync.js';
import { pull } from '../../src/core/demand/pull.js';
import { chain } from '../../src/core/flow/chain.js';
import { each } from '../../src/core/flow/each.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { system } from '../../src/operators/messages/system.js';
import { user } from '../../src/operators/messages/user.js';
import { chatPrompt } from '../../src/operators/prompts/chatPrompt.js';
import { fewShot } from '../../src/operators/prompts/fewShot.js';
import { prompt } from '../../src/operators/prompts/prompt.js';
import { marbles } from '../marbles.js';
import { startsOver } from './startsOver.js';

const joke = prompt('A joke about {topic}');
const tea = { x: { topic: 'tea' } };

describe('prompt', () => {
  test('formats its one input when it comes', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('-x--|', tea);
    expectObservable(source.pipe(joke)).toBe('-p--|', { p: 'A joke about tea' });
    expectSubscriptions(source.subscriptions).toBe('^---!');
  }));

  test('ends with an error of its source, or of a variable', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    expectObservable(cold<{ readonly topic: string }>('--#').pipe(joke)).toBe('--#');
    const source = cold('-x--|', { x: {} as { readonly topic: string } });
    expectObservable(source.pipe(joke, map(() => 'never'))).toBe('-#', undefined, expect.objectContaining({ code: 'TEMPLATE_VARIABLE' }));
    expectSubscriptions(source.subscriptions).toBe('^!');
  }));

  test('is one run: a second input is an error', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('-x-x-|', tea).pipe(joke)).toBe('-p-#', { p: 'A joke about tea' }, expect.objectContaining({ code: 'SECOND_INPUT' }));
  }));

  test('leaves its source when it is unsubscribed', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('---x|', tea);
    expectObservable(source.pipe(joke), '--!').toBe('---');
    expectSubscriptions(source.subscriptions).toBe('^-!');
  }));

  test('lets a slow consumer slow a source of many', marbles(({ cold, expectObservable }) => {
    const slow = mapAsync((text: string) => cold('-(x|)').pipe(map(() => text)));
    expectObservable(pull(['a', 'b']).pipe(map((topic) => ({ topic })), each(prompt('{topic}')), slow)).toBe('-a(b|)');
  }));

  test('formats for each of 100,000', () => {
    let length = 0;
    range(0, 100_000).pipe(map((topic) => ({ topic })), each(joke)).subscribe((text) => (length += text.length));
    expect(length).toBe(100_000 * 'A joke about '.length + 488_890);
  });

  test('formats anew when its input starts over', async () => {
    const input = chain(startsOver(['stale'], ['tea']), map((topic) => ({ topic })));
    expect(await chain(input, joke).invoke('')).toBe('A joke about tea');
  });
});

describe('chatPrompt', () => {
  const example = [['user', '{q}']] as const;
  const examples = [{ q: '1' }];

  test('waits for a selector of examples', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const selected = cold('--e|', { e: examples });
    const ask = chatPrompt([['system', 's'], fewShot({ examples, example, selector: () => selected }), ['user', '{q}']]);
    expectObservable(cold('-x|', { x: { q: '2' } }).pipe(ask)).toBe('----(m|)', { m: [system('s'), user('1'), user('2')] });
    expectSubscriptions(selected.subscriptions).toBe('-^--!');
  }));

  test('cancels a selector when it is unsubscribed', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const selected = cold('--e|', { e: examples });
    const ask = chatPrompt([fewShot({ examples, example, selector: () => selected })]);
    expectObservable(ask.run({}), '-!').toBe('--');
    expectSubscriptions(selected.subscriptions).toBe('^!');
  }));

  test('asks several selectors side by side, and keeps the order of entries', marbles(({ cold, expectObservable }) => {
    const shots = (frames: string, q: string) => fewShot({ examples, example, selector: () => cold(frames, { e: [{ q }] }) });
    expectObservable(chatPrompt([shots('---(e|)', 'a'), shots('-(e|)', 'b'), ['user', 'c']]).run({})).toBe('---(m|)', { m: [user('a'), user('b'), user('c')] });
  }));

  test('ends with the error of a selector', marbles(({ cold, expectObservable }) => {
    expectObservable(chatPrompt([fewShot({ examples, example, selector: () => cold<typeof examples>('-#') })]).run({})).toBe('-#');
  }));

  test('lets a selector await another flow', async () => {
    const ask = chatPrompt([fewShot({ examples, example, selector: (_: unknown, all, run) => lambda(() => of(all)).invoke('', run) })]);
    expect(await ask.invoke({})).toEqual([user('1')]);
  });
});
