import { forkJoin, map, throwError, timer, type Observable } from 'rxjs';
import { aggregate } from '../../channels/aggregate.js';
import { append } from '../../channels/append.js';
import { lastValue } from '../../channels/lastValue.js';
import type { RunScope } from '../../core/context/RunScope.js';
import type { CompiledGraph } from '../../pregel/compiledGraph.js';
import { command } from '../../pregel/graph/command.js';
import type { GraphPlan } from '../../pregel/graph/GraphPlan.js';
import { END, START } from '../../pregel/graph/names.js';
import { send, type Send } from '../../pregel/graph/send.js';
import { StateGraph } from '../../pregel/graph/StateGraph.js';
import { FlakyError } from './FlakyError.js';

/** What the graph's state is when it is read. */
export interface JobState {
  readonly job: number;
  readonly round: number;
  /** What was done, in order. */
  readonly log: readonly string[];
  readonly total: number;
  readonly answers: readonly Answered[];
  /** The jobs that are finished. */
  readonly done: readonly number[];
}

export type SimulatedGraph = CompiledGraph<Partial<JobState>, JobState>;

/** What a human says: to which question, so that it can be seen where the answer arrived, and which of several times. */
export interface SimulatedAnswer {
  readonly to: string;
  readonly time: number;
}

interface Answered {
  readonly question: string;
  readonly answer: SimulatedAnswer;
}

/** What the graph's nodes tell of, and ask, the world around them. */
export interface NodeHost {
  /** A body runs, or does its side effect. */
  does(taskId: string, what: string): void;
  workMs(): number;
  fails(): boolean;
}

/** How many pieces of work are sent out in a round. */
export const PIECES = 2;

/** The first job goes round in a cycle. */
export const roundsOf = (job: number): number => (job === 1 ? 2 : 1);

/** What is asked in a round, all at once. */
export const questionsOf = (job: number, round: number): readonly string[] => ['How?', 'When?'].map((question) => `${job}.${round} ${question}`);

interface Piece {
  readonly key: string;
  readonly piece: number;
}

/** Jobs of some rounds; in each, pieces of work are sent out while a human is asked, and joined with a way of two steps. Its runs are given `{ configurable: { host } }`. */
export function simulatedPlan(): GraphPlan {
  return new StateGraph({ job: lastValue(0), round: lastValue(0), log: append<string>(), total: aggregate('sum', 0), answers: append<Answered>(), done: append<number>() })
    .addNode('plan', (state, run) => command({ update: logging('plan')(state, run), goto: [...piecesOf(state), 'ask', 'side'] }), { ends: ['work', 'ask', 'side'] })
    .addNode('work', work, { retry: { maxAttempts: 2, initialMs: 5 } })
    .addNode('ask', ask)
    .addNode('side', logging('side'))
    .addNode('check', logging('check'))
    .addNode('merge', (state, run) => ({ ...logging('merge')(state, run), round: state.round + 1 }))
    .addNode('close', ({ job }, run) => {
      begins(run);
      return { log: `${job} close`, done: job };
    })
    .addEdge(START, 'plan')
    .addEdge('side', 'check')
    .addEdge(['ask', 'check'], 'merge')
    .addConditionalEdges('merge', ({ job, round }) => (round < roundsOf(job) ? 'plan' : 'close'))
    .addEdge('close', END)
    .compile().plan;
}

const piecesOf = ({ job, round }: Pick<JobState, 'job' | 'round'>): readonly Send<'work', Piece>[] =>
  Array.from({ length: PIECES }, (_, piece) => send('work', { key: `${job}.${round}`, piece }));

const hostOf = ({ configurable }: RunScope): NodeHost => configurable['host'] as NodeHost;

const begins = (run: RunScope): void => hostOf(run).does(run.taskId, 'writes');

function logging(what: string): (state: Pick<JobState, 'job' | 'round'>, run: RunScope) => { readonly log: string } {
  return ({ job, round }, run) => {
    begins(run);
    return { log: `${job}.${round} ${what}` };
  };
}

function work({ key, piece }: Piece, run: RunScope): Observable<object> {
  begins(run);
  const host = hostOf(run);
  if (host.fails()) return throwError(() => new FlakyError(key));
  const effect = (): Observable<number> => {
    host.does(run.taskId, 'once:pay');
    return timer(host.workMs(), run.scheduler).pipe(map(() => 1));
  };
  return run.once('pay', effect).pipe(map((paid) => ({ log: `${key} piece ${piece}`, total: paid as number })));
}

function ask({ job, round }: Pick<JobState, 'job' | 'round'>, run: RunScope): Observable<object> {
  begins(run);
  const questions = questionsOf(job, round);
  const answered = (answers: readonly unknown[]): object => ({ answers: questions.map((question, i) => ({ question, answer: answers[i] })), log: `${job}.${round} asked` });
  return forkJoin(questions.map((question) => run.interrupt(question))).pipe(map(answered));
}
