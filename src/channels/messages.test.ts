import { describe, expect, test } from '@jest/globals';
import { applyWrites } from './applyWrites.js';
import { messages, removeMessage, type MessageShape, type MessagesWrite } from './messages.js';
import { overwrite } from './overwrite.js';

interface Turn extends MessageShape {
  readonly text?: string;
}

const turn = (id: string, text = ''): Turn => ({ role: 'user', id, text });
const ids = (list: readonly Turn[] | undefined) => list?.map(({ id }) => id).join('');

describe('C9: messages', () => {
  const talk = messages<Turn>();
  const written = (state: readonly Turn[], ...writes: MessagesWrite<Turn>[]) => talk.update(state, writes, 'talk') ?? [];
  const state = written([], [turn('a'), turn('b'), turn('c')]);

  test('appends single messages and lists, in order', () => {
    expect(talk.initial()).toEqual([]);
    expect(ids(written(state, turn('d'), [turn('e'), turn('f')]))).toBe('abcdef');
  });

  test('one with an id that is there replaces it in place, also within one superstep', () => {
    const next = written(state, turn('b', 'new'), turn('d'), [turn('d', 'newer')]);
    expect(ids(next)).toBe('abcd');
    expect(next.map(({ text }) => text)).toEqual(['', 'new', '', 'newer']);
    expect(ids(state)).toBe('abc');
    expect(state[1]?.text).toBe('');
  });

  test('removeMessage takes one out, or all that came before', () => {
    expect(ids(written(state, removeMessage('b')))).toBe('ac');
    expect(ids(written(state, [removeMessage('a'), turn('a'), turn('d')], removeMessage('c')))).toBe('bad');
    expect(ids(written(state, removeMessage('all'), turn('c')))).toBe('c');
    expect(ids(written(state, turn('d'), removeMessage('all')))).toBe('');
  });

  test('what was removed is gone for good: its place is not found again', () => {
    const without = written(state, removeMessage('a'));
    expect(ids(written(without, turn('a', 'again'), turn('c', 'new')))).toBe('bca');
    expect(written(without, turn('c', 'new'))[1]?.text).toBe('new');
  });

  test('an id that is not there, or a name like one of an object, is no error', () => {
    expect(written(state, removeMessage('x'))).toBe(state);
    expect(written(state, [])).toBe(state);
    const empty: readonly Turn[] = [];
    expect(written(empty, removeMessage('all'))).toBe(empty);
    expect(ids(written(state, removeMessage('__proto__'), turn('constructor')))).toBe('abcconstructor');
  });

  test('two lists made from one do not see each other', () => {
    const left = written(state, turn('l'), turn('x', 'left'));
    const right = written(state, turn('x', 'right'), turn('r'));
    expect([ids(left), ids(right)]).toEqual(['abclx', 'abcxr']);
    expect(written(left, turn('x', '!')).map(({ text }) => text)).toEqual(['', '', '', '', '!']);
    expect(written(right, turn('x', '!')).map(({ text }) => text)).toEqual(['', '', '', '!', '']);
    expect(ids(written(state, turn('r'), turn('l')))).toBe('abcrl');
    expect(ids(written(right, turn('l')))).toBe('abcxrl');
  });

  test.each(['hello', 5, null, undefined, {}, { text: 'no role' }, [['nested']]])('%p is no message', (write) => {
    const message = /INVALID_UPDATE: channel 'talk' got .*, which is no message. Write a message such as user\('…'\)/;
    expect(() => written(state, write as never)).toThrow(message);
    expect(() => talk.prepare?.(write as never, () => 'id', 'talk')).toThrow(message);
  });

  describe('ids are stamped before anything is stored', () => {
    let count = 0;
    const prepared = (write: Parameters<NonNullable<typeof talk.prepare>>[0]) => talk.prepare?.(write, () => `id${++count}`, 'talk');

    test('on messages without one, and on no others', () => {
      count = 0;
      const kept = turn('a');
      expect(prepared([{ role: 'user' }, kept, removeMessage('x'), { role: 'tool', id: null } as never])).toEqual([
        { role: 'user', id: 'id1' }, kept, { remove: 'x' }, { role: 'tool', id: 'id2' },
      ]);
      expect(prepared({ role: 'user' })).toEqual([{ role: 'user', id: 'id3' }]);
    });

    test('in an overwrite, which becomes the list it leads to', () => {
      count = 0;
      const write = prepared(overwrite([turn('a'), { role: 'user' }, turn('a', 'new')]));
      expect(applyWrites(talk, state, [turn('z'), write as never], 'talk')).toEqual([turn('a', 'new'), { role: 'user', id: 'id1' }]);
    });

    test('messages that came without keep their places', () => {
      expect(written([{ role: 'user' }], { role: 'user' }, { role: 'user' })).toHaveLength(3);
    });
  });
});

describe('C9: a superstep of messages costs what it writes', () => {
  let reads = 0;
  const counted = (id: string): Turn => ({
    role: 'user',
    get id() {
      reads++;
      return id;
    },
  });
  const talk = messages<Turn>();
  const LENGTH = 10_000;
  const long = talk.update([], [Array.from({ length: LENGTH }, (_, at) => counted(`m${at}`))], 'talk');
  const readsOf = (run: () => void) => {
    reads = 0;
    run();
    return reads;
  };
  const grown = (state: typeof long, write: MessagesWrite<Turn>) => talk.update(state, [write], 'talk');

  test('when it goes on from the state before', () => {
    let state = long;
    expect(readsOf(() => {
      for (let step = 0; step < 1000; step++) state = grown(state, [counted(`n${step}`), counted(`m${step}`)]);
    })).toBeLessThan(10_000);
    expect(state).toHaveLength(LENGTH + 1000);
  });

  test('when many start from one state, and each goes on', () => {
    const forks = readsOf(() => {
      for (let fork = 0; fork < 1000; fork++) expect(grown(grown(long, counted(`fork${fork}`)), counted(`${fork}`))).toHaveLength(LENGTH + 2);
    });
    expect(forks).toBeLessThan(20_000);
  });

  test('when many start from one state that was restored', () => {
    const restored = [...long];
    expect(readsOf(() => {
      for (let fork = 0; fork < 1000; fork++) grown(restored, counted(`fork${fork}`));
    })).toBeLessThan(LENGTH + 10_000);
  });

  test('and what dead forks leave behind is cleared, at a cost spread over them', () => {
    const small = talk.update([], [[counted('a'), counted('b')]], 'talk');
    expect(readsOf(() => {
      for (let fork = 0; fork < 20_000; fork++) grown(small, counted(`fork${fork}`));
    })).toBeLessThan(100_000);
    expect(grown(small, counted('b'))).toHaveLength(2);
  });
});
