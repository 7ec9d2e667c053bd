import { jsonFault } from '../../channels/requireJson.js';
import { RivuletError } from '../../core/errors/RivuletError.js';

/**
 * Refuses what would not come back from a store as it went in.
 *
 * @param what it is, for the message
 * @throws RivuletError `INVALID_UPDATE`, naming the path
 */
export function requireStorable(value: unknown, what: string): void {
  if (value === undefined) return; // stored as nothing
  const fault = jsonFault(value, 'value');
  if (fault) throw new RivuletError('INVALID_UPDATE', `${what} has ${fault.what} in it, at ${fault.at}. What is stored is JSON: give plain data`);
}
