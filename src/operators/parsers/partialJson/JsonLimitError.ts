import { RivuletError } from '../../../core/errors/RivuletError.js';
import type { TextLocation } from './TextLocation.js';

/** A JSON text is nested deeper, or is longer, than it may be. */
export class JsonLimitError extends RivuletError {
  override readonly name = 'JsonLimitError';
  readonly offset: number;

  constructor(
    readonly exceeded: 'depth' | 'length',
    readonly limit: number,
    { offset }: Pick<TextLocation, 'offset'>,
  ) {
    super('JSON_LIMIT', `${SAID[exceeded](limit)}, at offset ${offset}. If that is meant, raise ${exceeded === 'depth' ? 'maxDepth' : 'maxLength'}`);
    this.offset = offset;
  }
}

const SAID = {
  depth: (limit: number): string => `a JSON text is nested deeper than ${limit} levels`,
  length: (limit: number): string => `a JSON text is longer than ${limit} characters`,
};
