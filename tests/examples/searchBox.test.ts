import { describe, expect, test } from '@jest/globals';
import type { Flow } from '../../src/core/flow/flow.js';
import type { ChatModel } from '../../src/operators/models/ChatModel.js';
import { textOf } from '../../src/operators/messages/textOf.js';
import { marbles } from '../../src/testing/marbles.js';
import { load } from './load.js';

const { searchBox } = await load<{ searchBox(model: ChatModel): Flow<string, string> }>('search-box');

const TYPED = { r: 'r', x: 'rx', j: 'rxj', s: 'rxjs' };

describe('the search box', () => {
  test('draws the suggestion for what was typed last, and cancels the requests before it', marbles(({ cold, model, expectObservable, expectCancelled, expectNothingLeft }) => {
    const suggests = model(['--a--b|', '--c--d|', '--e--f|'], { a: 'Re', b: 'act', c: 'Rx', d: 'J', e: 'RxJS', f: ' 7' });
    const box$ = cold('r--x---j--s--------|', TYPED).pipe(searchBox(suggests));
    expectObservable(box$).toBe('q----a---c--e--f---|', { q: '', a: 'Re', c: 'Rx', e: 'RxJS', f: 'RxJS 7' });
    expectCancelled(suggests).toBe(['---^---!', '-------^--!']);
    expectNothingLeft();
  }));

  test('asks the model for that alone', marbles(({ cold, model, flush }) => {
    const suggests = model('-a|');
    cold('rx-j--|', TYPED).pipe(searchBox(suggests)).subscribe();
    flush();
    expect(suggests.requests.map(({ messages }) => messages.map(textOf))).toEqual([['Complete: rx'], ['Complete: rxj']]);
  }));

  test('a query too short to ask about clears what is drawn, and cancels too', marbles(({ cold, model, expectObservable, expectCancelled }) => {
    const suggests = model('--a---b|');
    expectObservable(cold('x---r-------|', TYPED).pipe(searchBox(suggests))).toBe('--a-q-------|', { a: 'a', q: '' });
    expectCancelled(suggests).toBe('^---!');
  }));

  test('closed, cancels the request', marbles(({ cold, model, expectObservable, expectCancelled, expectNothingLeft }) => {
    const suggests = model('--a---b|');
    expectObservable(cold('x-----------', TYPED).pipe(searchBox(suggests)), '----!').toBe('--a');
    expectCancelled(suggests).toBe('^---!');
    expectNothingLeft();
  }));
});
