import { PIECES, questionsOf, roundsOf, type JobState } from './simulatedGraph.js';

/** What a lane holds when its jobs are done, and what was asked for them. */
export function expectedState(jobs: readonly number[]): Omit<JobState, 'answers'> & { readonly questions: readonly string[] } {
  const log: string[] = [];
  const questions: string[] = [];
  let total = 0;
  for (const job of jobs) {
    for (let round = 0; round < roundsOf(job); round++) {
      const key = `${job}.${round}`;
      const pieces = Array.from({ length: PIECES }, (_, piece) => `${key} piece ${piece}`);
      log.push(`${key} plan`, `${key} asked`, `${key} side`, ...pieces, `${key} check`, `${key} merge`);
      questions.push(...questionsOf(job, round));
      total += PIECES;
    }
    log.push(`${job} close`);
  }
  const last = jobs.at(-1) ?? 0;
  return { job: last, round: roundsOf(last), log, total, done: jobs, questions };
}
