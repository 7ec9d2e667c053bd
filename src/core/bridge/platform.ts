/**
 * What the host platform provides, in one replaceable place. Time isn't here: it is the context's `scheduler`.
 * Tests replace a field and put it back.
 */
export interface Platform {
  /** A number in [0, 1). */
  random(): number;
  /** A warning: for a developer, and then not in production, or for whoever runs the program. */
  warn(message: string): void;
  /** A line that a developer asked to see. */
  print(line: string): void;
  /** Whether mistakes are looked for at some cost. Decided once, when the library is loaded: unless `NODE_ENV` is `production`. */
  readonly development: boolean;
  /** An environment variable; none in a browser. */
  env(name: string): string | undefined;
}

declare const process: { readonly env: { readonly NODE_ENV?: string; readonly [name: string]: string | undefined } };

/** Written so that bundlers, which put a constant for `process.env.NODE_ENV`, can tell where there is no process to ask. */
function isDevelopment(): boolean {
  try {
    return process.env.NODE_ENV !== 'production';
  } catch {
    return true;
  }
}

/** The host platform. */
export const platform: Platform = {
  random: Math.random,
  warn: (message) => {
    globalThis.console.warn(`rivulet: ${message}`);
  },
  print: (line) => {
    globalThis.console.info(line);
  },
  development: isDevelopment(),
  env: (name) => (typeof process === 'undefined' ? undefined : process.env?.[name]),
};

const warned = new Set<string>();

/** Warns once per process, in development only. */
export function warnOnce(message: string): void {
  if (!platform.development || warned.has(message)) return;
  warned.add(message);
  platform.warn(message);
}
