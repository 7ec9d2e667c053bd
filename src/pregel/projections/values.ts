import { PatchedStates } from './PatchedStates.js';
import type { Projection } from './Projection.js';

/** The state: first as the input left it, then after each superstep. */
export function values(): Projection<object> {
  const states = new PatchedStates();
  return (event) => {
    if (event.type === 'state_update') return { value: states.update(event) };
    if (event.type === 'span_end') states.forget(event);
    return undefined;
  };
}
