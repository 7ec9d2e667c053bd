// A search box: every keystroke asks, a newer one cancels the request before it, and only the newest suggestion is drawn.
//   node examples/search-box.mjs
import { concatMap, delay, from, of, scan } from 'rxjs';
import { chain, chat, lambda, latest, prompt, scripted, text } from 'rivulet';
import { isProgram } from './streamAnswer.mjs';

/**
 * An operator from what is in the box to the suggestion for it, as it grows. Typing on cancels the model's request, also
 * when what is left is too short to ask about.
 */
export function searchBox(model) {
  const suggestion = chain(
    prompt('Complete: {query}'),
    chat(model),
    text(),
    scan((shown, piece) => shown + piece),
  );
  return latest(lambda((query) => (query.length > 1 ? suggestion.run({ query }) : '')));
}

const model = scripted([{ when: /Complete: (.*)/, reply: '{1} operators, {1} schedulers, {1} marbles' }], { paceMs: 20 });

/** Somebody types, a key each 30 ms. */
const typed = from(['r', 'rx', 'rxj', 'rxjs']).pipe(concatMap((query) => of(query).pipe(delay(30))));

if (isProgram(import.meta.url)) typed.pipe(searchBox(model)).subscribe((shown) => console.log(shown));
