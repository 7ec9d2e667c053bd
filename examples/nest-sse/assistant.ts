import { scripted, tool, toolLoop, type ChatModel, type ToolLoop } from 'rivulet';
import { z } from 'zod';

/** What the container knows the agent by. */
export const ASSISTANT = Symbol('ASSISTANT');

const multiply = tool({
  name: 'multiply',
  description: 'Multiplies two numbers',
  input: z.object({ a: z.number(), b: z.number() }),
  run: ({ a, b }) => a * b,
});

/** The agent: a flow, of whatever model. */
export const assistant = (model: ChatModel): ToolLoop => toolLoop(model, [multiply], { system: 'You are good at sums.' });

/** A model that needs no key. In its place could stand `openai('gpt-5-mini')` of `rivulet/openai`. */
export const embeddedModel = (): ChatModel =>
  scripted(
    [
      { when: /(\d+) *\* *(\d+)/, calls: [{ name: 'multiply', args: { a: '{1:number}', b: '{2:number}' } }] },
      { after: 'multiply', reply: 'That makes {result}.' },
      { reply: 'I am the scripted model inside Rivulet, and all that I can do is multiply two numbers. Ask me for 6 * 7, or leave while I still speak: I stop at once.' },
    ],
    { paceMs: 200 },
  );
