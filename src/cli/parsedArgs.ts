import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './UsageError.js';

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<T extends Options> = ReturnType<typeof parseArgs<{ options: T; allowPositionals: true }>>;

/** @throws UsageError for an option that isn't known, or lacks its value */
export function parsedArgs<const T extends Options>(args: readonly string[], options: T): Parsed<T> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** @throws UsageError for an argument that no option asked for */
export function optionsOnly<const T extends Options>(args: readonly string[], options: T): Parsed<T>['values'] {
  const { values, positionals } = parsedArgs(args, options);
  if (positionals.length > 0) throw new UsageError(`'${positionals[0]}' is one argument too many. The options are ${Object.keys(options).map((name) => `--${name}`).join(', ')}`);
  return values;
}

/** @throws UsageError if it wasn't given */
export function required(name: string, value: string | undefined, what: string): string {
  if (value !== undefined && value !== '') return value;
  throw new UsageError(`--${name} is missing: ${what}`);
}

/** An option that may stand without a value, as `--name` or as `--name=VALUE`: without one it is an empty text. */
export function withOptional(name: string, args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return args.map((arg, index) => (arg === `--${name}` && (end < 0 || index < end) ? `--${name}=` : arg));
}
