// A question to a model on this machine, served by Ollama, streamed. Needs no key.
//   node examples/ollama-chat.mjs 'Why is the sky blue?'
import process from 'node:process';
import { openaiCompatible } from 'rivulet/openai';
import { isProgram, question, streamAnswer } from './streamAnswer.mjs';

/** The model this example asks. */
export const model = () =>
  openaiCompatible({
    baseURL: process.env.OLLAMA_BASE_URL ?? 'http://127.0.0.1:11434/v1',
    model: process.env.OLLAMA_MODEL ?? 'llama3.2',
  });

if (isProgram(import.meta.url)) await streamAnswer(model(), question());
