import { RivuletError } from '../core/errors/RivuletError.js';
import type { Channel } from './Channel.js';
import { InvalidUpdateError } from './InvalidUpdateError.js';
import { EMPTY } from './lists.js';
import { isOverwrite } from './overwrite.js';
import { shown } from './shown.js';

/**
 * Waits for each of `names` to be written once; then it can be read, until it is consumed. What has arrived survives storing
 * and restoring unchanged.
 *
 * ```text
 * writes  'a', then 'a', then 'b', then consumed
 * reads   nothing   nothing   a, b      nothing
 * ```
 *
 * *Errors*: `INVALID_UPDATE` for a name that isn't awaited.
 *
 * @throws RivuletError `INVALID_OPTION` without names: it could never be waited for
 *
 * @example
 * ```ts
 * import { barrier } from 'rivulet/channels';
 *
 * const both = barrier(['left', 'right']);
 * both.read?.(both.update([], ['right', 'left'], 'both')); // ['left', 'right']
 * ```
 */
export function barrier<const N extends string>(names: readonly N[]): Channel<readonly N[], N> {
  const awaited = new Set(names);
  if (awaited.size === 0) throw new RivuletError('INVALID_OPTION', 'barrier() was given no names. Give those of what it waits for');
  const isFull = (arrived: readonly N[] | undefined): boolean => arrived?.length === awaited.size;
  return {
    kind: 'barrier',
    signature: JSON.stringify([...awaited].sort()),
    initial: () => EMPTY,
    prepare: (name, _ids, channel) => (isOverwrite(name) ? name : expected(name, awaited, channel)),
    update: (arrived = EMPTY, writes, channel) => {
      const here = new Set(arrived);
      for (const name of writes) here.add(expected(name, awaited, channel));
      return here.size === arrived.length ? arrived : [...awaited].filter((name) => here.has(name));
    },
    read: (arrived) => (isFull(arrived) ? arrived : undefined),
    consume: (arrived) => (isFull(arrived) ? EMPTY : arrived),
  };
}

function expected<N extends string>(name: N, awaited: ReadonlySet<N>, channel: string): N {
  if (awaited.has(name)) return name;
  throw new InvalidUpdateError('INVALID_UPDATE', `barrier '${channel}' got ${shown(name)}, which it doesn't await. Write one of ${[...awaited].join(', ')}`);
}
