import { RivuletError } from '../../../core/errors/RivuletError.js';
import type { TextLocation } from './TextLocation.js';

/** A text isn't JSON, ended too early, or has no JSON in it. */
export class JsonInvalidError extends RivuletError {
  override readonly name = 'JsonInvalidError';
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  readonly excerpt: string;

  constructor(
    readonly problem: string,
    { offset, line, column, excerpt }: TextLocation,
    readonly advice = 'Ask the model for JSON alone, or let structured(schema, { repair }) ask it again',
  ) {
    super('JSON_INVALID', `${problem}, at line ${line}, column ${column} (offset ${offset})${excerpt && `: ${JSON.stringify(excerpt)}`}. ${advice}`);
    this.offset = offset;
    this.line = line;
    this.column = column;
    this.excerpt = excerpt;
  }
}
