// What the chat examples share: all that differs between providers is the model.
import { realpathSync } from 'node:fs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { chain, chat, chatPrompt, text } from 'rivulet';

/** Streams the model's answer. Leaving the loop, as an error of `write` does, closes the connection to the provider. */
export async function streamAnswer(model, question, write = (piece) => process.stdout.write(piece)) {
  const ask = chain(
    chatPrompt([
      ['system', 'You answer in one short paragraph.'],
      ['user', '{question}'],
    ]),
    chat(model),
    text(),
  );
  for await (const piece of ask.stream({ question })) write(piece);
  write('\n');
}

/** Whether the module at `url` is the program that was started, and not imported by another. */
export const isProgram = (url) => process.argv[1] !== undefined && pathToFileURL(realpathSync(process.argv[1])).href === url;

/** What was asked on the command line. */
export const question = () => process.argv[2] ?? 'Why is the sky blue?';
