import { filter, map, of, retry, tap, type Observable } from 'rxjs';
import { chain } from '../../src/core/flow/chain.js';
import { each } from '../../src/core/flow/each.js';
import { flow, type Flow } from '../../src/core/flow/flow.js';
import { concatText, list } from '../../src/core/flow/fold.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { latest } from '../../src/core/flow/latest.js';
import { whileIdle } from '../../src/core/flow/whileIdle.js';
import type { AssistantMessage, MessageChunk } from '../../src/operators/messages/Message.js';
import type { MessageInput } from '../../src/operators/messages/toMessages.js';
import { chat } from '../../src/operators/models/chat.js';
import type { ChatModel } from '../../src/operators/models/ChatModel.js';
import { text } from '../../src/operators/parsers/text.js';
import { resultOf, same, typeOf } from './same.js';

declare const model: ChatModel;
const letters = flow('letters', map((s: string) => s), { fold: list<string>() });
const n = lambda((x: number) => x + 1);
const wrong = lambda((x: string) => x.length);

// A chain folds as its last step does, if that is a flow: its result is that flow's.
const asked = chain(lambda((q: string) => [q]), chat(model));
typeOf(asked).is<Flow<string, MessageChunk, AssistantMessage>>(true);
resultOf(asked).is<AssistantMessage>(true);
const said = chain(chat(model), text());
resultOf(said).is<string>(true);

// After a plain operator it is single: its result is what that emits. The operator's callback is inferred.
const mapped = chain(chat(model), map((chunk) => chunk.text));
resultOf(mapped).is<string | undefined>(true);
const filtered = chain(letters, filter((s) => s.length > 1));
typeOf(filtered).is<Flow<string, string, string>>(true);
const retried = chain(chat(model), retry(2));
resultOf(retried).is<MessageChunk>(true);
resultOf(letters).is<readonly string[]>(true);
const tapped = chain(letters, tap((s) => s.toUpperCase()), letters);
typeOf(tapped).is<Flow<string, string, readonly string[]>>(true);

// One step, and none.
const one = chain(letters);
typeOf(one).is<Flow<string, string, readonly string[]>>(true);
const plain = chain(map((x: number) => `${x}`));
typeOf(plain).is<Flow<number, string, string>>(true);
// @ts-expect-error a chain needs a step
chain();

// Nested chains, and pipe.
const nested = chain(chain(n, n), chain(map((x) => `${x}`), letters));
typeOf(nested).is<Flow<number, string, readonly string[]>>(true);
const piped = chain(n, n).pipe(map((x) => `${x}`)).pipe(letters);
typeOf(piped).is<Flow<number, string, readonly string[]>>(true);
// @ts-expect-error the chain emits numbers
chain(n, n).pipe(letters);

// A flow is welcome in any pipe, a plain operator in any chain.
const inPipe = of('q').pipe(chat(model), text(), map((s) => s.length));
typeOf(inPipe).is<Observable<number>>(true);

// What needs its whole input gets the message of chunks, after a model and after operators that leave them as they are.
const folded = chain(chat(model), lambda((message) => message.toolCalls.length));
resultOf(folded).is<number>(true);
const through = chain(chat(model), tap(() => undefined), filter(() => true), lambda((message) => message.id));
resultOf(through).is<string>(true);
const twoSteps = chain(chat(model), lambda((message: AssistantMessage) => message.id), lambda((id) => id.length));
resultOf(twoSteps).is<number>(true);
chain(
  chat(model),
  // @ts-expect-error a chat brings an AssistantMessage
  lambda((x: number) => x),
);
// @ts-expect-error an AssistantMessage has no such field
chain(chat(model), lambda((message) => message.answer));
const again = chain(chat(model), chat(model));
resultOf(again).is<AssistantMessage>(true);
const fromMessage = chat(model).run({ role: 'user', content: 'hi' } satisfies MessageInput);
typeOf(fromMessage).is<Observable<MessageChunk>>(true);

// The flattenings keep what their flow says of itself.
same<ReturnType<typeof each<string, string, readonly string[]>>, Flow<string, string, readonly string[]>>(true);
const eachLetters = each(letters, { concurrency: 2 });
typeOf(eachLetters).is<Flow<string, string, readonly string[]>>(true);
const latestLetters = latest(letters);
typeOf(latestLetters).is<Flow<string, string, readonly string[]>>(true);
const idleLetters = whileIdle(chain(letters, flow('joined', map((s: string) => s), { fold: concatText })));
typeOf(idleLetters).is<Flow<string, string, string>>(true);
const overEach = chain(map((line: string) => line.trim()), each(letters));
resultOf(overEach).is<readonly string[]>(true);

// Inferred through 20 steps: each wraps what the one before it gave.
type Wrapped<N extends number, D extends readonly unknown[] = []> = D['length'] extends N ? number : { x: Wrapped<N, [...D, unknown]> };
const twenty = chain(
  lambda((x: number) => ({ x })),
  lambda((x) => ({ x })),
  map((x) => ({ x })),
  lambda((x) => ({ x })),
  map((x) => ({ x })),
  lambda((x) => ({ x })),
  map((x) => ({ x })),
  lambda((x) => ({ x })),
  map((x) => ({ x })),
  lambda((x) => ({ x })),
  map((x) => ({ x })),
  lambda((x) => ({ x })),
  map((x) => ({ x })),
  lambda((x) => ({ x })),
  map((x) => ({ x })),
  lambda((x) => ({ x })),
  map((x) => ({ x })),
  lambda((x) => ({ x })),
  map((x) => ({ x })),
  lambda((x) => ({ x })),
);
resultOf(twenty).is<Wrapped<20>>(true);

// A step that doesn't fit is an error at that very step, wherever it is.
chain(
  n,
  // @ts-expect-error step 2 takes a string
  wrong,
  n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n,
);
chain(
  n, n,
  // @ts-expect-error step 3 takes a string
  wrong,
  n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n,
);
chain(
  n, n, n,
  // @ts-expect-error step 4 takes a string
  wrong,
  n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n,
);
chain(
  n, n, n, n,
  // @ts-expect-error step 5 takes a string
  wrong,
  n, n, n, n, n, n, n, n, n, n, n, n, n, n, n,
);
chain(
  n, n, n, n, n,
  // @ts-expect-error step 6 takes a string
  wrong,
  n, n, n, n, n, n, n, n, n, n, n, n, n, n,
);
chain(
  n, n, n, n, n, n,
  // @ts-expect-error step 7 takes a string
  wrong,
  n, n, n, n, n, n, n, n, n, n, n, n, n,
);
chain(
  n, n, n, n, n, n, n,
  // @ts-expect-error step 8 takes a string
  wrong,
  n, n, n, n, n, n, n, n, n, n, n, n,
);
chain(
  n, n, n, n, n, n, n, n,
  // @ts-expect-error step 9 takes a string
  wrong,
  n, n, n, n, n, n, n, n, n, n, n,
);
chain(
  n, n, n, n, n, n, n, n, n,
  // @ts-expect-error step 10 takes a string
  wrong,
  n, n, n, n, n, n, n, n, n, n,
);
chain(
  n, n, n, n, n, n, n, n, n, n,
  // @ts-expect-error step 11 takes a string
  wrong,
  n, n, n, n, n, n, n, n, n,
);
chain(
  n, n, n, n, n, n, n, n, n, n, n,
  // @ts-expect-error step 12 takes a string
  wrong,
  n, n, n, n, n, n, n, n,
);
chain(
  n, n, n, n, n, n, n, n, n, n, n, n,
  // @ts-expect-error step 13 takes a string
  wrong,
  n, n, n, n, n, n, n,
);
chain(
  n, n, n, n, n, n, n, n, n, n, n, n, n,
  // @ts-expect-error step 14 takes a string
  wrong,
  n, n, n, n, n, n,
);
chain(
  n, n, n, n, n, n, n, n, n, n, n, n, n, n,
  // @ts-expect-error step 15 takes a string
  wrong,
  n, n, n, n, n,
);
chain(
  n, n, n, n, n, n, n, n, n, n, n, n, n, n, n,
  // @ts-expect-error step 16 takes a string
  wrong,
  n, n, n, n,
);
chain(
  n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n,
  // @ts-expect-error step 17 takes a string
  wrong,
  n, n, n,
);
chain(
  n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n,
  // @ts-expect-error step 18 takes a string
  wrong,
  n, n,
);
chain(
  n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n,
  // @ts-expect-error step 19 takes a string
  wrong,
  n,
);
chain(
  n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n,
  // @ts-expect-error step 20 takes a string
  wrong,
);
chain(
  n,
  map((x) => `${x}`),
  letters,
  // @ts-expect-error the plain operator takes a number
  map((x: number) => x + 1),
);
// @ts-expect-error 21 steps: nest chains
chain(n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n);
chain(chain(n, n, n, n, n, n, n, n, n, n, n), chain(n, n, n, n, n, n, n, n, n, n, n));
