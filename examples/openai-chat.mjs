// A question to an OpenAI model, streamed.
//   OPENAI_API_KEY=… node examples/openai-chat.mjs 'Why is the sky blue?'
import process from 'node:process';
import { openai } from 'rivulet/openai';
import { isProgram, question, streamAnswer } from './streamAnswer.mjs';

/** The model this example asks. */
export const model = () => openai(process.env.OPENAI_MODEL ?? 'gpt-5-mini');

if (isProgram(import.meta.url)) await streamAnswer(model(), question());
