// A question to a Gemini model through Google's OpenAI-compatible endpoint, streamed.
//   GEMINI_API_KEY=… node examples/gemini-chat.mjs 'Why is the sky blue?'
import process from 'node:process';
import { openaiCompatible } from 'rivulet/openai';
import { isProgram, question, streamAnswer } from './streamAnswer.mjs';

/** The model this example asks. */
export const model = () =>
  openaiCompatible({
    baseURL: process.env.GEMINI_BASE_URL ?? 'https://generativelanguage.googleapis.com/v1beta/openai/',
    apiKey: process.env.GEMINI_API_KEY,
    model: process.env.GEMINI_MODEL ?? 'gemini-2.5-flash',
  });

if (isProgram(import.meta.url)) await streamAnswer(model(), question());
