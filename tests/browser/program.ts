// What runs in the browser of browser.test.ts, bundled with everything it imports.
import { BehaviorSubject, finalize } from 'rxjs';
import { chain, chat, isRivuletError, prompt, scripted, text, textOf, tool, toolLoop, type ChatModel, type ErrorCode, type RunEvent } from 'rivulet';
import { marbles, model, record, replay, text as said } from 'rivulet/testing';
import { z } from 'zod';

const poet = scripted([{ when: /about (\w+)/, reply: 'Oh {1}, dear {1}!' }], { paceMs: 1 });
const ask = (from: ChatModel) => chain(prompt('A verse about {topic}'), chat(from), text());

export const invoke = (): Promise<string> => ask(poet).invoke({ topic: 'tea' });

export async function stream(): Promise<readonly string[]> {
  const pieces: string[] = [];
  for await (const piece of ask(poet).stream({ topic: 'tea' })) pieces.push(piece);
  return pieces;
}

/** The pieces that came before the program left, and whether the model was still asked after it. */
export async function cancel(): Promise<{ readonly pieces: readonly string[]; readonly asked: readonly boolean[] }> {
  const asked$ = new BehaviorSubject(false);
  const watched: ChatModel = {
    ...poet,
    stream(request, run) {
      asked$.next(true);
      return poet.stream(request, run).pipe(finalize(() => asked$.next(false)));
    },
  };
  const asked: boolean[] = [];
  asked$.subscribe((is) => asked.push(is));
  const pieces: string[] = [];
  for await (const piece of ask(watched).stream({ topic: 'tea' })) {
    pieces.push(piece);
    if (pieces.length === 2) break;
  }
  return { pieces, asked };
}

/** What a signal that is aborted makes of a run. */
export async function abort(): Promise<ErrorCode | undefined> {
  const controller = new AbortController();
  const answer = ask(poet).invoke({ topic: 'tea' }, { signal: controller.signal });
  controller.abort();
  return answer.then(() => undefined, codeOf);
}

export async function readable(): Promise<readonly string[]> {
  const reader = ask(poet).stream({ topic: 'tea' }).readable.getReader();
  const pieces: string[] = [];
  for (let next = await reader.read(); !next.done; next = await reader.read()) pieces.push(next.value);
  return pieces;
}

/** A tool is called: zod's schema checks the arguments, or a JSON Schema does. */
export async function callTools(): Promise<readonly string[]> {
  const script = scripted([{ when: /(\d+)\+(\d+)/, calls: [{ name: 'add', args: { a: '{1:number}', b: '{2:number}' } }] }, { after: 'add', reply: '= {result}' }]);
  const byZod = tool({ name: 'add', input: z.object({ a: z.number(), b: z.number() }), run: ({ a, b }) => a + b });
  const byJsonSchema = tool({
    name: 'add',
    input: { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } }, required: ['a', 'b'] },
    run: async ({ a, b }: { readonly a: number; readonly b: number }) => a + b,
  });
  return Promise.all([byZod, byJsonSchema].map(async (add) => textOf(await toolLoop(script, [add]).invoke('2+2'))));
}

export function events(): Promise<readonly RunEvent['type'][]> {
  return new Promise((resolve, reject) => {
    const types: RunEvent['type'][] = [];
    ask(scripted([{ reply: 'Hi' }])).events({ topic: 'tea' }).subscribe({ next: ({ type }) => types.push(type), error: reject, complete: () => resolve(types) });
  });
}

/** How two marble tests end: one that passes, and one that must not. */
export const marbleTests = (): readonly string[] => ['--a--b|', '--a-b|'].map(outcomeOf);

function outcomeOf(diagram: string): string {
  const greets = chain(chat(model('--a--b|', { a: said('Hel'), b: said('lo') })), text());
  try {
    marbles(({ expectRun }) => expectRun(greets, 'hi').toBe(diagram, { a: 'Hel', b: 'lo' }))();
    return 'passed';
  } catch (error) {
    return (error as Error).name;
  }
}

/** What the names say that need Node. */
export const nodeOnly = (): readonly (ErrorCode | undefined)[] => [() => record(poet, 'cassette.json'), () => replay('cassette.json')].map(codeThrownBy);

function codeThrownBy(call: () => unknown): ErrorCode | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
}

const codeOf = (error: unknown): ErrorCode | undefined => (isRivuletError(error) ? error.code : undefined);
