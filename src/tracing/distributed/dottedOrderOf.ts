import type { RunContext } from '../../core/context/RunContext.js';
import { dottedOrder } from '../../core/trace/dottedOrder.js';

/** Where the run of a context stands in its trace, as tracers see it: its own place, or of the nearest run above that is watched. */
export function dottedOrderOf(run: RunContext): string | undefined {
  const { place, parent, remote } = run;
  const above = parent ? dottedOrderOf(parent) : remote?.dottedOrder;
  return place ? dottedOrder(above, place.at, place.order, run.runId) : above;
}
