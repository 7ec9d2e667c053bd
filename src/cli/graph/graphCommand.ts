import { graphToJson } from '../../pregel/graph/graphToJson.js';
import { toMermaid } from '../../pregel/graph/toMermaid.js';
import { EXIT, type CliIo, type ExitCode } from '../CliIo.js';
import { optionsOnly, required } from '../parsedArgs.js';
import { loadPlan } from './loadGraph.js';

/** `rivulet graph`: draws a graph. */
export async function graphCommand(args: readonly string[], io: CliIo): Promise<ExitCode> {
  const { graph, json } = optionsOnly(args, { graph: { type: 'string' }, json: { type: 'boolean' } });
  const plan = await loadPlan(required('graph', graph, 'the module of the graph to draw'), io.cwd);
  io.stdout.write(json ? `${JSON.stringify(graphToJson(plan), null, 2)}\n` : toMermaid(plan));
  return EXIT.ok;
}
