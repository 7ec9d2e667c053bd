// A question to an Anthropic model, streamed.
//   ANTHROPIC_API_KEY=… node examples/anthropic-chat.mjs 'Why is the sky blue?'
import process from 'node:process';
import { anthropic } from 'rivulet/anthropic';
import { isProgram, question, streamAnswer } from './streamAnswer.mjs';

/** The model this example asks. */
export const model = () => anthropic(process.env.ANTHROPIC_MODEL ?? 'claude-sonnet-5-5');

if (isProgram(import.meta.url)) await streamAnswer(model(), question());
