import { keysOf } from '../../core/json/jsonPointer.js';

/** Whole numbers from here on are looked at as texts: an account number may be one. */
const LONG_NUMBER = 1e8;

/** What a copy is made by. */
export interface CopyRules {
  /** What lies deeper isn't copied. */
  readonly maxDepth: number;
  readonly replacement: (name: string) => string;
  readonly isSecretKey: (key: string) => boolean;
  /** A text without its secrets. */
  readonly text: (text: string) => string;
}

/** The copy of one value, of which all that refers to itself refers to the copy. */
export class RedactingCopy {
  private readonly copies = new Map<object, unknown>();
  private found = false;
  /** Whether it may change, so that it has a secret when its tracer reads it. */
  private mutable = false;

  constructor(private readonly rules: CopyRules) {}

  /** The value itself, if nothing in it is secret or may become so. What can't be read is left out, as nobody knows what is in it. */
  of(value: unknown): unknown {
    try {
      const copy = this.copy(value, 0);
      return this.found || this.mutable ? copy : value;
    } catch {
      return this.rules.replacement('unreadable');
    }
  }

  private copy(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) >= LONG_NUMBER)) return this.number(value);
    if (typeof value === 'symbol' || typeof value === 'function') return this.named(value);
    if (typeof value !== 'object' || value === null) return value;
    if (this.copies.has(value)) return this.copies.get(value);
    if (depth >= this.rules.maxDepth) return this.replaced('too_deep');
    return this.object(value, depth + 1);
  }

  private text(text: string): string {
    const safe = this.rules.text(text);
    if (safe !== text) this.found = true;
    return safe;
  }

  /** What has but a name. */
  private named(value: symbol | { readonly name: string }): unknown {
    const name = String(typeof value === 'symbol' ? value.description : value.name);
    const safe = this.text(name);
    return safe === name ? value : safe;
  }

  private number(value: number | bigint): unknown {
    const text = String(value);
    const safe = this.text(text);
    return safe === text ? value : safe;
  }

  private replaced(name: string): string {
    this.found = true;
    return this.rules.replacement(name);
  }

  private object(value: object, depth: number): unknown {
    if (ArrayBuffer.isView(value)) return value; // of which is told how long it is
    if (!Object.hasOwn(value, 'toJSON')) {
      if (value instanceof Date) return value;
      if (isError(value)) return this.error(value, depth);
    }
    if (!Object.isFrozen(value)) this.mutable = true;
    if (typeof (value as { readonly toJSON?: unknown }).toJSON === 'function') return this.json(value as { toJSON(): unknown }, depth);
    if (Array.isArray(value)) return this.array(value, depth);
    if (value instanceof Map) return this.map(value, depth);
    if (value instanceof Set) return this.kept(value, new Set([...value].map((member) => this.copy(member, depth))));
    if (value instanceof String) return this.text(String(value));
    return this.record(value as Readonly<Record<string, unknown>>, depth);
  }

  private kept<T>(value: object, copy: T): T {
    this.copies.set(value, copy);
    return copy;
  }

  private array(value: readonly unknown[], depth: number): unknown {
    const copy = this.kept(value, [] as unknown[]);
    for (const item of value) copy.push(this.copy(item, depth));
    return copy;
  }

  private map(value: ReadonlyMap<unknown, unknown>, depth: number): unknown {
    const copy = this.kept(value, new Map<unknown, unknown>());
    for (const [key, item] of value) copy.set(this.copy(key, depth), typeof key === 'string' ? this.property(key, item, depth) : this.copy(item, depth));
    return copy;
  }

  /** Of what says itself how it is written, that. */
  private json(value: { toJSON(): unknown }, depth: number): unknown {
    this.kept(value, value);
    return this.kept(value, this.copy(value.toJSON(), depth));
  }

  private record(value: Readonly<Record<string, unknown>>, depth: number): unknown {
    const copy = this.kept(value, Object.create(Object.getPrototypeOf(value) as object | null) as Record<string, unknown>);
    const patched = typeof value['op'] === 'string' && typeof value['path'] === 'string' ? keysOf(value['path']).at(-1) : undefined;
    for (const key of Object.keys(value)) put(copy, this.text(key), this.property(key === 'value' && patched !== undefined ? patched : key, value[key], depth));
    return copy;
  }

  /** What was thrown changes no more. */
  private error(value: Error, depth: number): unknown {
    const { mutable } = this;
    const copy = this.kept(value, new Error());
    for (const key of new Set<string | symbol>([...SAID_OF_ERRORS, ...Reflect.ownKeys(value)])) {
      if (!(key in value)) continue;
      const item = this.property(String(key), (value as unknown as Record<string | symbol, unknown>)[key], depth);
      Object.defineProperty(copy, key, { value: item, enumerable: Object.prototype.propertyIsEnumerable.call(value, key), writable: true, configurable: true });
    }
    this.mutable = mutable;
    return Object.setPrototypeOf(copy, Object.getPrototypeOf(value) as object);
  }

  private property(key: string, value: unknown, depth: number): unknown {
    const isSaid = value !== undefined && value !== null && value !== '' && typeof value !== 'boolean' && typeof value !== 'function';
    return isSaid && this.rules.isSecretKey(key) ? this.replaced(this.text(key)) : this.copy(value, depth);
  }
}

/** Also what they inherit: a DOMException's getters read no other object. */
const SAID_OF_ERRORS = ['stack', 'name', 'message', 'code'] as const;

/** As a property of its own, whatever it is called: `__proto__` too. */
function put(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}

function isError(value: object): value is Error {
  return value instanceof Error || ERRORS.has(Object.prototype.toString.call(value));
}

/** From any realm. */
const ERRORS: ReadonlySet<string> = new Set(['[object Error]', '[object DOMException]']);
