import { pointerPart } from '../../../core/json/jsonPointer.js';
import type { PatchOperation } from '../../../core/events/RunEvent.js';
import { JsonReader } from './JsonReader.js';

/** A reader that also says how its value changed since it was last asked, as a JSON Patch (RFC 6902). */
export class JsonPatchReader extends JsonReader {
  private operations: PatchOperation[] = [];
  /** How many of the open containers were there at the last patch: what is put into a newer one comes with that one. */
  private settled = 0;
  /** The JSON Pointers (RFC 6901) of the outermost open containers, as far as they were asked for. */
  private readonly pointers: string[] = [];

  takePatch(): readonly PatchOperation[] {
    const { operations, settled } = this;
    const newest = operations[operations.length - 1];
    if (newest && this.stack.length > settled) operations[operations.length - 1] = { ...newest, value: this.snapshot(settled) };
    this.operations = [];
    this.settled = this.stack.length;
    return operations;
  }

  protected override put(value: unknown): void {
    super.put(value);
    if (this.stack.length <= this.settled) this.operations.push({ op: 'add', path: this.path(), value });
  }

  protected override grow(value: string): void {
    super.grow(value);
    if (this.stack.length <= this.settled) this.operations.push({ op: 'replace', path: this.path(), value });
  }

  protected override close(at: number): number {
    const after = super.close(at);
    const { length } = this.stack;
    if (this.settled > length) this.settled = length;
    if (this.pointers.length > length) this.pointers.length = length;
    return after;
  }

  private path(): string {
    const { length } = this.stack;
    if (length === 0) return '';
    for (let level = this.pointers.length; level < length; level++) {
      this.pointers.push(level === 0 ? '' : `${this.pointers[level - 1]}/${escaped(this.slots[level] as string | number)}`);
    }
    return `${this.pointers[length - 1]}/${escaped(this.slot)}`;
  }
}

function escaped(slot: string | number): string | number {
  return typeof slot === 'number' ? slot : pointerPart(slot);
}
