/** One place in which two values of JSON differ. */
export interface Difference {
  /** As in `messages[1].content`. */
  readonly path: string;
  readonly recorded: unknown;
  readonly asked: unknown;
}

/** Where two values of JSON differ, from the first place on. */
export function differences(recorded: unknown, asked: unknown, path = ''): readonly Difference[] {
  if (Object.is(recorded, asked)) return [];
  if (!isObject(recorded) || !isObject(asked) || Array.isArray(recorded) !== Array.isArray(asked)) return [{ path: path || 'the request', recorded, asked }];
  const keys = new Set([...Object.keys(recorded), ...Object.keys(asked)]);
  return [...keys].flatMap((key) => differences(recorded[key], asked[key], within(path, key, Array.isArray(asked))));
}

function within(path: string, key: string, inList: boolean): string {
  if (inList) return `${path}[${key}]`;
  return path === '' ? key : `${path}.${key}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
