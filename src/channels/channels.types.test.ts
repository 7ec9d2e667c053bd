import type { Observable } from 'rxjs';
import { same, typeOf } from '../../tests/types/same.js';
import { aggregate } from './aggregate.js';
import { anyValue } from './anyValue.js';
import { append } from './append.js';
import { barrier } from './barrier.js';
import type { Channel, ValueOf, WriteOf } from './Channel.js';
import type { ChannelView } from './channelView.js';
import { ephemeral } from './ephemeral.js';
import { lastValue } from './lastValue.js';
import { messages, removeMessage, type RemoveMessage } from './messages.js';
import { overwrite, type Overwrite } from './overwrite.js';
import { topic } from './topic.js';
import { untracked } from './untracked.js';

interface Turn {
  readonly id?: string;
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

const declared = {
  score: lastValue(0),
  name: lastValue<string>(),
  mood: anyValue<'calm' | 'curious'>(),
  hint: ephemeral<boolean>({ guard: false }),
  alerts: topic<string>({ unique: true }),
  notes: append<Turn>(),
  total: aggregate('sum', 0),
  all: aggregate('and'),
  log: aggregate('concat'),
  tags: aggregate<string>('union'),
  profile: aggregate('merge', { a: 1, b: '' }),
  longest: aggregate((a: string, b: string) => (a.length > b.length ? a : b)),
  sizes: aggregate((sizes: readonly number[], word: string) => [...sizes, word.length], []),
  both: barrier(['left', 'right']),
  cache: untracked<Map<string, number>>(),
  talk: messages<Turn>(),
};
type Spec = typeof declared;
type Values = { [K in keyof Spec]: ValueOf<Spec[K]> };
type Writes = { [K in keyof Spec]: WriteOf<Spec[K]> };

// What is read.
same<Values['score'], number>(true);
same<Values['name'], string>(true);
same<Values['mood'], 'calm' | 'curious'>(true);
same<Values['hint'], boolean>(true);
same<Values['alerts'], readonly string[]>(true);
same<Values['notes'], readonly Turn[]>(true);
same<Values['total'], number>(true);
same<Values['all'], boolean>(true);
same<Values['log'], string>(true);
same<Values['tags'], readonly string[]>(true);
same<Values['profile'], { a: number; b: string }>(true);
same<Values['longest'], string>(true);
same<Values['sizes'], number[]>(true);
same<Values['both'], readonly ('left' | 'right')[]>(true);
same<Values['cache'], Map<string, number>>(true);
same<Values['talk'], readonly Turn[]>(true);

// What may be written.
same<Writes['score'], number | Overwrite<number>>(true);
same<Writes['alerts'], string | readonly string[] | Overwrite<readonly string[]>>(true);
same<Writes['notes'], Turn | readonly Turn[] | Overwrite<readonly Turn[]>>(true);
same<Writes['profile'], Partial<{ a: number; b: string }> | Overwrite<{ a: number; b: string }>>(true);
same<Writes['sizes'], string | Overwrite<number[]>>(true);
same<Writes['both'], 'left' | 'right' | Overwrite<readonly ('left' | 'right')[]>>(true);
same<Writes['talk'], Turn | RemoveMessage | readonly (Turn | RemoveMessage)[] | Overwrite<readonly Turn[]>>(true);
same<ValueOf<string>, never>(true);

// A node's update, as an engine types it.
const update: Partial<Writes> = { score: 1, talk: [removeMessage('a'), { role: 'user', text: 'hi' }], notes: overwrite([]), alerts: ['a'] };
void update;
// @ts-expect-error a number is no string
export const wrong: Writes['name'] = 1;
// @ts-expect-error not one of the names
export const unawaited: Writes['both'] = 'middle';
// @ts-expect-error no message
export const shapeless: Writes['talk'] = { text: 'hi' };
// @ts-expect-error what is written isn't what is held, so there must be an initial value
aggregate((sizes: readonly number[], word: string) => [...sizes, word.length]);
// @ts-expect-error there is no such reducer
aggregate('product');
// @ts-expect-error a message has a role
messages<{ id: string }>();

// Any declaration is one for an engine.
export const anyOfThem: Readonly<Record<keyof Spec, Channel<unknown, unknown>>> = declared;

// What is watched.
declare const view: { [K in keyof Spec]: ChannelView<Spec[K]> };
typeOf(view.score.value$).is<Observable<number | undefined>>(true);
typeOf(view.sizes.value$).is<Observable<number[] | undefined>>(true);
typeOf(view.both.value$).is<Observable<readonly ('left' | 'right')[] | undefined>>(true);
// A list is there from the start.
typeOf(view.talk.value$).is<Observable<readonly Turn[]>>(true);
typeOf(view.notes.value$).is<Observable<readonly Turn[]>>(true);
typeOf(view.tags.value$).is<Observable<readonly string[]>>(true);
typeOf(view.alerts.value$).is<Observable<readonly string[]>>(true);
typeOf(view.alerts.items$).is<Observable<string>>(true);
// @ts-expect-error a list, and no topic
void view.notes.items$;
