import { RivuletError } from '../errors/RivuletError.js';
import type { PatchOperation } from '../events/RunEvent.js';
import { canonicalJson } from '../flow/canonicalJson.js';
import { keysOf } from './jsonPointer.js';
import { setMember } from './setMember.js';

/** A member of an object, or an item of a list, that may be there. */
interface Place {
  readonly container: object;
  readonly key: string;
}

/**
 * A JSON document that patches (RFC 6902) make. A container is copied before it changes, and once only until somebody looks at the
 * document: nobody's values change in their hands, and many patches in a row cost no more than what they bring.
 */
export class PatchedDocument {
  /** The containers that nobody else has. */
  private own = new WeakSet<object>();
  private readonly holder: { document: unknown };

  constructor(document: unknown) {
    this.holder = { document };
  }

  get value(): unknown {
    this.own = new WeakSet();
    return this.holder.document;
  }

  /** @throws RivuletError `PATCH_INVALID` */
  apply(operation: PatchOperation): void {
    try {
      this.change(operation);
    } catch (error) {
      if (error !== MISFIT) throw error;
      throw new RivuletError('PATCH_INVALID', `the operation ${JSON.stringify({ ...operation, value: undefined })} doesn't fit the document. Apply every patch once, in order, to what the one before it made`);
    }
  }

  private change({ op, path, from = '', value }: PatchOperation): void {
    switch (op) {
      case 'add':
        return add(this.place(path), value);
      case 'replace':
        return replace(this.place(path), value);
      case 'remove':
        return remove(this.place(path));
      case 'move':
        return this.move(from, path);
      case 'copy':
        return this.copy(from, path);
      case 'test':
        return ensure(canonicalJson(this.at(path)) === canonicalJson(value));
      default:
        throw MISFIT;
    }
  }

  private move(from: string, path: string): void {
    ensure(!path.startsWith(`${from}/`));
    const value = this.at(from);
    remove(this.place(from));
    add(this.place(path), value);
  }

  private copy(from: string, path: string): void {
    const value = this.at(from);
    this.own = new WeakSet(); // what is in two places belongs to neither
    add(this.place(path), value);
  }

  private at(pointer: string): unknown {
    return read(this.place(pointer));
  }

  /** Where a pointer leads, on a way that may be changed. */
  private place(pointer: string): Place {
    ensure(pointer === '' || pointer.startsWith('/'));
    let container: object = this.holder;
    let key = 'document';
    for (const next of keysOf(pointer)) {
      container = this.owned({ container, key });
      key = next;
    }
    return { container, key };
  }

  private owned(place: Place): object {
    const container = read(place);
    if (typeof container !== 'object' || container === null) throw MISFIT;
    if (this.own.has(container)) return container;
    const copy: object = Array.isArray(container) ? [...(container as readonly unknown[])] : { ...container };
    this.own.add(copy);
    replace(place, copy);
    return copy;
  }
}

const MISFIT = Symbol('misfit');

function ensure(fits: boolean): void {
  if (!fits) throw MISFIT;
}

function read({ container, key }: Place): unknown {
  ensure(Array.isArray(container) ? indexOf(key) < container.length : Object.hasOwn(container, key));
  return (container as Readonly<Record<string, unknown>>)[key];
}

function add({ container, key }: Place, value: unknown): void {
  if (!Array.isArray(container)) return setMember(container, key, value);
  if (key === '-') return void container.push(value);
  ensure(indexOf(key) <= container.length);
  container.splice(Number(key), 0, value);
}

function replace(place: Place, value: unknown): void {
  read(place);
  setMember(place.container, place.key, value);
}

function remove(place: Place): void {
  read(place);
  const { container, key } = place;
  if (Array.isArray(container)) container.splice(Number(key), 1);
  else Reflect.deleteProperty(container, key);
}

/** A list's index, as RFC 6901 writes it; anything else is no number. */
function indexOf(key: string): number {
  return /^(?:0|[1-9]\d*)$/.test(key) ? Number(key) : NaN;
}
