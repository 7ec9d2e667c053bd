import { RivuletError } from '../../core/errors/RivuletError.js';

/** What may be wrong with a graph. */
export type FindingCode =
  | 'duplicate_name'
  | 'edge_from_end'
  | 'edge_to_start'
  | 'empty_name'
  | 'endless_cycle'
  | 'invalid_channel'
  | 'invalid_join'
  | 'invalid_node'
  | 'invalid_option'
  | 'name_clash'
  | 'no_entry'
  | 'reserved_name'
  | 'unknown_channel'
  | 'unknown_end'
  | 'unknown_handler'
  | 'unknown_node'
  | 'unreachable_node';

/** One thing that is wrong with a graph, or may be. */
export interface Finding {
  readonly code: FindingCode;
  /** What it is, and what to do. */
  readonly message: string;
  readonly node?: string;
}

/** A graph that can't be compiled: `findings` says all that is wrong with it. */
export class GraphError extends RivuletError {
  override readonly name = 'GraphError';
  constructor(readonly findings: readonly Finding[]) {
    const all = findings.map(({ message }, at) => `${at + 1}. ${message}`).join(' ');
    super('INVALID_GRAPH', `the graph can't be compiled. ${all}`);
  }
}
