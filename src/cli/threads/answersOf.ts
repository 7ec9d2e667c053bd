import { resume, type Command } from '../../pregel/graph/command.js';
import { UsageError } from '../UsageError.js';

/**
 * What `--answer` or `--answers` say to the thread; `null`: nothing, it goes on if it can.
 *
 * @throws UsageError for both, and for what is no JSON
 */
export function answersOf(answer: string | undefined, answers: string | undefined): Command | null {
  if (answer !== undefined && answers !== undefined) throw new UsageError('--answer is for the one open interrupt, --answers for several: give one of the two');
  if (answer !== undefined) return resume(fromJson('answer', answer, `'"yes"'`));
  if (answers === undefined) return null;
  const byId = fromJson('answers', answers, `'{"ID": "yes"}'`);
  if (typeof byId === 'object' && byId !== null && !Array.isArray(byId)) return resume(byId);
  throw new UsageError(`--answers is an object, from an interrupt's id to its answer: '{"ID": "yes"}'`);
}

function fromJson(option: string, text: string, example: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UsageError(`--${option} is no JSON: ${text}. A text is quoted, ${example}`);
  }
}
