import type { Projection } from './Projection.js';

/** What nodes say by `run.emit`. */
export function custom(): Projection<unknown> {
  return (event) => (event.type === 'custom' ? { value: event.value } : undefined);
}
