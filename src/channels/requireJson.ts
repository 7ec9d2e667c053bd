import { InvalidUpdateError } from './InvalidUpdateError.js';

/** Deeper values are refused rather than followed to the end of the stack. */
const MAX_DEPTH = 500;
const MAX_PATH = 200;

interface Fault {
  readonly what: string;
  /** Steps down from the value, each as it is written in code. */
  readonly path: string[];
}

/**
 * Gives a value back if it is what JSON gives back too. Fields that are `undefined` count as absent.
 *
 * @param channel its name, which the path begins with
 * @throws InvalidUpdateError `INVALID_UPDATE` for what isn't JSON: Map, Date, BigInt, instances of classes, functions, cycles,
 * `undefined` in a list, numbers that aren't finite, values nested more than 500 deep
 */
export function requireJson<T>(value: T, channel: string): T {
  const fault = jsonFault(value, channel);
  if (!fault) return value;
  throw new InvalidUpdateError(
    'INVALID_UPDATE',
    `${fault.what} was written to channel '${channel}', at ${fault.at}. What is stored is JSON: write plain data, or declare the channel as untracked()`,
  );
}

/**
 * What of a value isn't JSON, and where; `undefined` if all of it is.
 *
 * @param root what the path to it begins with
 */
export function jsonFault(value: unknown, root: string): { readonly what: string; readonly at: string } | undefined {
  const fault = faultIn(value, []);
  if (!fault) return undefined;
  const path = fault.path.join('');
  return { what: fault.what, at: `${root}${path.length > MAX_PATH ? `${path.slice(0, MAX_PATH)}…` : path}` };
}

function faultIn(value: unknown, above: object[]): Fault | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : faultOf(String(value));
    case 'object':
      return value === null ? undefined : faultInObject(value, above);
    case 'undefined':
      return faultOf('undefined');
    default:
      return faultOf(`a ${typeof value}`);
  }
}

function faultInObject(value: object, above: object[]): Fault | undefined {
  if (above.includes(value)) return faultOf('a cycle');
  if (above.length === MAX_DEPTH) return faultOf(`a value nested more than ${MAX_DEPTH} deep`);
  const list = Array.isArray(value);
  if (!list && !isPlain(value)) return faultOf(`a ${value.constructor?.name || 'class instance'}`);
  above.push(value);
  const fault = list ? faultInList(value, above) : faultInFields(value as Readonly<Record<string, unknown>>, above);
  above.pop();
  return fault;
}

function faultInList(list: readonly unknown[], above: object[]): Fault | undefined {
  for (let at = 0; at < list.length; at++) {
    const fault = faultIn(list[at], above); // a hole is undefined
    if (fault) return below(fault, `[${at}]`);
  }
  return undefined;
}

function faultInFields(fields: Readonly<Record<string, unknown>>, above: object[]): Fault | undefined {
  for (const key of Object.keys(fields)) {
    if (fields[key] === undefined) continue;
    const fault = faultIn(fields[key], above);
    if (fault) return below(fault, /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key.slice(0, MAX_PATH))}]`);
  }
  return undefined;
}

const faultOf = (what: string): Fault => ({ what, path: [] });

function below(fault: Fault, step: string): Fault {
  fault.path.unshift(step);
  return fault;
}

/** Made by a literal, or by JSON.parse: of this realm or another. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
