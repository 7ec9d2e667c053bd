import type { CliIo } from '../CliIo.js';

/** Whether what is written there may be coloured: a terminal's, unless `NO_COLOR` is set. */
export function hasColor(out: { readonly isTTY?: boolean }, env: CliIo['env']): boolean {
  return out.isTTY === true && !env['NO_COLOR'];
}
