import type { MemoryTracer, RunTree } from '../../src/tracing/exporters/memoryTracer.js';

/** The runs that a tracer saw, `name start-end status #attempt` each, indented by depth. */
export function drawn(tracer: MemoryTracer): readonly string[] {
  return tracer.trees().flatMap((tree) => lines(tree, 0));
}

function lines({ run, children }: RunTree, depth: number): readonly string[] {
  const { name, startTime, endTime = '', status, attempt } = run;
  const line = `${'. '.repeat(depth)}${name} ${startTime}-${endTime} ${status}${attempt > 1 ? ` #${attempt}` : ''}`;
  return [line, ...children.flatMap((child) => lines(child, depth + 1))];
}
