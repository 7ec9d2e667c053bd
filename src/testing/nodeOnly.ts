import { RivuletError } from '../core/errors/RivuletError.js';
import type { ChatModel } from '../operators/models/ChatModel.js';
import type { ReplayOptions } from './cassette/replaying.js';

/**
 * Needs Node: cassettes are files.
 *
 * @throws RivuletError `NODE_ONLY`
 */
export function record(_model: ChatModel, _file: string): ChatModel {
  throw nodeOnly('record');
}

/**
 * Needs Node: cassettes are files.
 *
 * @throws RivuletError `NODE_ONLY`
 */
export function replay(_file: string, _options?: ReplayOptions): ChatModel {
  throw nodeOnly('replay');
}

function nodeOnly(name: string): RivuletError {
  return new RivuletError('NODE_ONLY', `${name} works with files, which a browser doesn't have. Run this test in Node`);
}
