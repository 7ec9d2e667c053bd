import { RivuletError } from '../../core/errors/RivuletError.js';
import type { SchemaIssue } from '../tools/schema.js';

/** What a model answered is JSON, but doesn't fit the schema. */
export class OutputInvalidError extends RivuletError {
  override readonly name = 'OutputInvalidError';

  constructor(
    readonly issues: readonly SchemaIssue[],
    /** The answer as it was read. */
    readonly raw: unknown,
  ) {
    super('OUTPUT_INVALID', `the model's answer doesn't fit the schema: ${describeIssues(issues, '; ')}. Say in the prompt what is meant, loosen the schema, or let structured(schema, { repair }) ask again`);
  }
}

const SHOWN = 10;

/** Issues as a person or a model reads them, the first few of them. */
export function describeIssues(issues: readonly SchemaIssue[], separator: string): string {
  const shown = issues.slice(0, SHOWN).map(({ path, message }) => `${pathText(path)}: ${message}`);
  return (issues.length > SHOWN ? [...shown, `and ${issues.length - SHOWN} more`] : shown).join(separator);
}

function pathText(path: readonly (string | number)[]): string {
  if (path.length === 0) return 'the whole value';
  return path.map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`)).join('');
}
