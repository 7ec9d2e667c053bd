import type { Fold } from '../../core/flow/fold.js';
import { chain } from '../../core/flow/chain.js';
import { lambda } from '../../core/flow/lambda.js';
import { user } from '../messages/user.js';
import type { Message } from '../messages/Message.js';
import type { ChatModel } from '../models/ChatModel.js';
import { chat } from '../models/chat.js';
import { text } from '../parsers/text.js';
import { chatPrompt } from './chatPrompt.js';
import { fewShot } from './fewShot.js';
import { lengthSelector } from './lengthSelector.js';
import { placeholder } from './placeholder.js';
import { prompt, type Prompt } from './prompt.js';
import type { TemplateValue, VariablesIn } from './template.js';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
interface Exactly<T> {
  /** Takes an argument, which isn't given, if the types differ. */
  is<U>(...differs: Same<T, U> extends true ? [] : [T]): void;
}
declare function result<R>(of: { readonly fold: Fold<never, R> }): Exactly<R>;
declare function names<T extends string>(template: T): Exactly<VariablesIn<T>>;
declare const model: ChatModel;
declare const anyText: string;

names('Hi {name}, you are {age}').is<'name' | 'age'>();
names('{a}{a}').is<'a'>();
names('nothing').is<never>();
names('{{not}} {{{but}}} {{"json": {this}}}').is<'but' | 'this'>();
names(anyText).is<string>();
names('{ünïcode_1}').is<'ünïcode_1'>();

const greet = prompt('Hi {name}, you are {age}');
result(greet).is<string>();
void greet.invoke({ name: 'Ada', age: 36 });
// @ts-expect-error age is missing
void greet.invoke({ name: 'Ada' });
// @ts-expect-error an object has no obvious text
void greet.invoke({ name: { first: 'Ada' }, age: 36 });
void prompt('nothing').invoke({});
void prompt(anyText).invoke({ whatever: 1 });

const half: Prompt<{ readonly age: TemplateValue }> = greet.partial({ name: 'Ada' });
void half.invoke({ age: 36 });
greet.partial({ name: (run) => run.tags.join() });
// @ts-expect-error there is no such variable
greet.partial({ surname: 'Lovelace' });

const tagged = prompt`Hi ${'name'}, you are ${'age'}`;
void tagged.invoke({ name: 'Ada', age: 36 });
// @ts-expect-error age is missing
void tagged.invoke({ name: 'Ada' });

result(chain(greet, chat(model), text())).is<string>();
// @ts-expect-error age is missing
chain(lambda((name: string) => ({ name })), greet);
chain(lambda((name: string) => ({ name, age: 36, more: true })), greet);

const ask = chatPrompt([['system', 'You are {who}'], user('Hi'), placeholder('history'), placeholder('extra', { optional: true }), ['user', '{q}']]);
result(ask).is<readonly Message[]>();
void ask.invoke({ who: 'Ada', history: [user('a'), 'b'], q: 'why?' });
void ask.invoke({ who: 'Ada', history: 'a', q: 'why?', extra: { role: 'user', content: 'x' } });
// @ts-expect-error the history is missing
void ask.invoke({ who: 'Ada', q: 'why?' });
// @ts-expect-error who is missing
void ask.invoke({ history: [], q: 'why?' });
void ask.partial({ who: 'Ada', history: [] }).invoke({ q: 'why?' });
// @ts-expect-error a tool doesn't speak
chatPrompt([['tool', 'x']]);
// @ts-expect-error who speaks?
chatPrompt(['x']);

const examples = [{ q: '1+1', a: 2 }];
const textual = fewShot({ examples, example: '{q} = {a}' });
result(textual).is<string>();
const shots = fewShot({ examples, example: [['user', '{q}'], ['assistant', '{a}']], selector: lengthSelector({ maxLength: 10 }) });
result(shots).is<readonly Message[]>();
void chatPrompt([shots, ['user', '{q}']]).invoke({ q: '2+2' });
// @ts-expect-error an example lacks a variable
fewShot({ examples, example: '{q} = {b}' });
// @ts-expect-error an example lacks a variable
fewShot({ examples, example: [['user', '{b}']] });
const similar = fewShot({ examples, example: '{q} = {a}', selector: (variables: { readonly topic: string }, all) => Promise.resolve(all.filter(({ q }) => q.includes(variables.topic))) });
void similar.invoke({ topic: '+' });
// @ts-expect-error the selector needs a topic
void similar.invoke({});
void chatPrompt([fewShot({ examples, example: [['user', '{q}']], selector: ({ topic }: { readonly topic: string }, all) => all.slice(topic.length) }), ['user', '{q}']]).invoke({ topic: 'x', q: 'y' });
