import { of } from 'rxjs';
import { chain } from '../../core/flow/chain.js';
import type { Fold } from '../../core/flow/fold.js';
import { lambda } from '../../core/flow/lambda.js';
import type { AssistantMessage, MessageChunk } from '../messages/Message.js';
import type { ChatModel } from '../models/ChatModel.js';
import { chat } from '../models/chat.js';
import { list } from '../parsers/list.js';
import { text } from '../parsers/text.js';
import { prompt } from '../prompts/prompt.js';
import { assign } from './assign.js';
import { branch } from './branch.js';
import { parallel } from './parallel.js';
import { passthrough } from './passthrough.js';
import { pick } from './pick.js';
import { route } from './route.js';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
interface Exactly<T> {
  /** Takes an argument, which isn't given, if the types differ. */
  is<U>(...differs: Same<T, U> extends true ? [] : [T]): void;
}
declare function value<T>(it: T): Exactly<T>;
declare function input<I>(of: { readonly run: (input: I) => unknown }): Exactly<I>;
declare function result<R>(of: { readonly fold: Fold<never, R> }): Exactly<R>;

declare const model: ChatModel;
const words = lambda((input: string) => input.split(' '));
const size = lambda((input: string) => input.length);

// parallel
const both = parallel({ words, size, shout: (input: string) => input.toUpperCase() });
input(both).is<string>();
result(both).is<{ readonly words: string[]; readonly size: number; readonly shout: string }>();
const pair = parallel([words, size]);
result(pair).is<readonly [string[], number]>();
const streams = parallel({ answer: chain(chat(model), text()), items: chain(chat(model), list()), raw: chat(model) });
result(streams).is<{ readonly answer: string; readonly items: readonly string[]; readonly raw: AssistantMessage }>();
streams.run('hi').subscribe((chunk) => {
  value(chunk.answer).is<string | undefined>();
  value(chunk.raw).is<MessageChunk | undefined>();
});
// @ts-expect-error a branch takes a string
both.run(1);
parallel({ n: lambda((n: number) => n), s: (s: string) => s });
// @ts-expect-error no input is both
parallel({ n: lambda((n: number) => n), s: (s: string) => s }).run(1);

// a chain gives callbacks their types
chain(size, parallel({ next: (n) => n + 1, text: (n) => `${n}` }), lambda((x) => x.next.toFixed() + x.text.length));
// @ts-expect-error there is no such branch
chain(size, parallel({ next: (n) => n + 1 }), lambda((x) => x.previous));
// @ts-expect-error a branch takes what comes before
chain(words, parallel({ next: (n: number) => n + 1 }));

// and takes callbacks that say theirs
chain(both, lambda((x: { readonly size: number }) => x.size));
// @ts-expect-error a size is a number
chain(both, lambda((x: { readonly size: string }) => x.size));

// assign
const person = assign({ initials: ({ name }: { readonly name: string }) => name[0] ?? '', age: lambda((x: { readonly born: number }) => 2000 - x.born) });
result(person).is<{ readonly name: string; readonly born: number; readonly initials: string; readonly age: number }>();
person.run({ name: 'Ada', born: 1815 });
// @ts-expect-error born is missing
person.run({ name: 'Ada' });
const replaced = assign({ n: ({ n }: { readonly n: number; readonly s?: string }) => `${n}` });
result(replaced).is<{ readonly s?: string; readonly n: string }>();
const more = chain(both, assign({ total: (x) => x.size + x.words.length }), lambda((x) => `${x.total} ${x.shout}`));
result(more).is<string>();
chain(streams, assign({ n: (x) => x.answer.length })).run('hi').subscribe((chunk) => {
  value(chunk.items).is<string | undefined>();
  value(chunk.n).is<number | undefined>();
});

// pick
const picked = chain(both, pick('size'), lambda((n) => n.toFixed()));
result(picked).is<string>();
const some = chain(both, pick(['size', 'shout']));
result(some).is<{ readonly size: number; readonly shout: string }>();
const answer = chain(streams, pick('answer'), text());
result(answer).is<string>();
// @ts-expect-error there is no such key
chain(both, pick('length'), lambda((n) => n));

// passthrough
const seen = chain(streams, passthrough((chunk) => void chunk.answer), pick('raw'), lambda((message) => message.toolCalls.length));
result(seen).is<number>();
result(passthrough<string>()).is<string>();

// branch and route
const sized = branch([(s: string) => s.length > 3, words], [(s: string) => of(s === ''), () => 0], size);
input(sized).is<string>();
result(sized).is<string[] | number>();
chain(size, branch([(n) => n > 3, (n) => n + 1], (n) => `${n}`), lambda((x: string | number) => x));
// @ts-expect-error a condition takes a string
sized.run(1);
const kinds = route((s: string) => s.slice(0, 1), { a: words, b: size, c: chain(chat(model), text()) });
input(kinds).is<string>();
result(kinds).is<string | string[] | number>();
route(chain(prompt('classify {question}'), chat(model), text()), { a: lambda((x: { readonly question: string }) => x.question) }).run({ question: 'x' });

// into a prompt
const rag = chain(parallel({ context: lambda((q: string) => `about ${q}`), question: passthrough<string>() }), prompt('{context}\n{question}'), chat(model), text());
input(rag).is<string>();
// @ts-expect-error the prompt's variable is missing
chain(parallel({ question: passthrough<string>() }), prompt('{context}\n{question}'));
// @ts-expect-error a list is no variable
chain(parallel({ question: words }), prompt('{question}'));
