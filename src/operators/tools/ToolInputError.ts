import { RivuletError } from '../../core/errors/RivuletError.js';
import type { SchemaIssue } from './schema.js';

/** A tool was called with arguments that don't fit its schema. The message says what is wrong, for the model to correct itself by. */
export class ToolInputError extends RivuletError {
  override readonly name = 'ToolInputError';

  /** @param raw the arguments as they came; text if they aren't JSON */
  constructor(
    readonly tool: string,
    readonly raw: unknown,
    readonly issues: readonly SchemaIssue[],
    cause?: unknown,
  ) {
    super('TOOL_INPUT', `the arguments of '${tool}' don't fit its schema: ${summary(issues)}. Call it again with corrected arguments`, { cause });
  }
}

/** A model needs no more to correct itself by. */
const MOST = 10;

function summary(issues: readonly SchemaIssue[]): string {
  const rest = issues.length - MOST;
  return issues.slice(0, MOST).map(said).join('; ') + (rest > 0 ? `; and ${rest} more` : '');
}

function said({ path, message }: SchemaIssue): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}
