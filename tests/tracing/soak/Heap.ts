import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const MIB = 2 ** 20;

/** What is in memory once garbage is collected, in MiB, buffers included. */
function used(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / MIB;
}

/** How much more there is in memory than there was at first. */
export class Heap {
  private readonly base = used();
  worst = 0;

  /** In MiB. */
  look(): number {
    const more = used() - this.base;
    this.worst = Math.max(this.worst, more);
    return more;
  }
}
