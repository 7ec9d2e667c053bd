import { setMember } from '../../../core/json/setMember.js';
import { JsonLimitError } from './JsonLimitError.js';
import { afterInNumber, FIRST_DIGIT, isDigit, isWholeNumber } from './jsonNumber.js';
import { COLON, DONE, ESCAPE, FIRST_ITEM, FIRST_KEY, KEY, LITERAL, NEXT, NUMBER, STRING, UNICODE, VALUE, expectedIn } from './jsonState.js';
import { ESCAPES, hexDigit, isHighSurrogate } from './jsonString.js';
import type { TextPosition } from './TextPosition.js';

type Container = unknown[] | Record<string, unknown>;

/**
 * Reads one JSON text (RFC 8259) from pieces split anywhere into a plain value that grows, looking at each character once.
 * Strings grow with each piece; numbers and literals appear when they are complete. `__proto__` is a key like any other,
 * of equal keys the last wins, and lone surrogates stay, as with `JSON.parse`.
 */
export class JsonReader {
  /** The value so far; `undefined` before it begins. */
  value: unknown = undefined;
  /** Whether the last `write` changed the value. */
  changed = false;

  protected readonly stack: Container[] = [];
  /** The key or index of each open container in the one above it. */
  protected readonly slots: (string | number)[] = [];
  /** How many members each open container had when the one below it was opened, the outermost beginning with the text itself. */
  private readonly widths: number[] = [];
  private array: unknown[] | undefined = undefined;
  private object: Record<string, unknown> | undefined = undefined;
  private width = 0;
  private key = '';

  private state = VALUE;
  private text = '';
  /** Half of a surrogate pair whose other half is still to come. */
  private held = '';
  private inKey = false;
  private shown = false;
  private shownLength = 0;
  private unit = 0;
  private digits = 0;
  private numberState = FIRST_DIGIT;
  private word = '';

  constructor(
    private readonly position: TextPosition,
    private readonly maxDepth: number,
  ) {}

  /** Whether the value is complete. */
  get done(): boolean {
    return this.state === DONE;
  }

  /** Reads `text` from `from` up to its end or the end of the value; returns where it stopped. */
  write(text: string, from: number): number {
    this.changed = false;
    const { length } = text;
    let at = from;
    while (at < length && this.state !== DONE) at = this.read(text, at);
    if (this.state >= STRING && this.state <= UNICODE && !this.inKey) this.showString();
    return at;
  }

  /** The text ended: a number may be complete only now. */
  end(): void {
    this.changed = false;
    if (this.state === NUMBER && this.stack.length === 0 && isWholeNumber(this.numberState)) this.endNumber(this.text);
    if (this.state !== DONE) throw this.position.unexpected('', 0, expectedIn(this.state, this.array !== undefined, this.word));
  }

  /** A copy of the value that stays as it is: open containers from `depth` on are copied, closed ones shared. */
  snapshot(depth = 0): unknown {
    let copy: unknown = this.stack.length > depth ? undefined : this.value;
    for (let level = this.stack.length - 1; level >= depth; level--) {
      const container = this.stack[level] as Container;
      const own = Array.isArray(container) ? container.slice() : { ...container };
      if (level < this.stack.length - 1) setMember(own, this.slots[level + 1] as string | number, copy);
      copy = own;
    }
    return copy;
  }

  /** About how much work a snapshot is, in members of an array copied: large objects are hash tables, and slow. */
  get snapshotCost(): number {
    let cost = 1;
    for (let level = 0; level < this.stack.length; level++) {
      const width = level + 1 < this.stack.length ? (this.widths[level + 1] as number) : this.width;
      cost += Array.isArray(this.stack[level]) ? width : width * (width > 16 ? 64 : 4);
    }
    return cost;
  }

  private read(text: string, at: number): number {
    switch (this.state) {
      case STRING:
        return this.readString(text, at);
      case ESCAPE:
        return this.readEscape(text, at);
      case UNICODE:
        return this.readUnicode(text, at);
      case NUMBER:
        return this.readNumber(text, at);
      case LITERAL:
        return this.readLiteral(text, at);
      default:
        return this.readStructure(text, at);
    }
  }

  private readStructure(text: string, from: number): number {
    let at = from;
    let code = text.charCodeAt(at);
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) code = text.charCodeAt(++at);
    if (at === text.length) return at;
    switch (this.state) {
      case FIRST_ITEM:
        return code === 0x5d /* ] */ ? this.close(at) : this.beginValue(text, at, code);
      case FIRST_KEY:
        return code === 0x7d /* } */ ? this.close(at) : this.beginKey(text, at, code);
      case KEY:
        return this.beginKey(text, at, code);
      case COLON:
        if (code !== 0x3a /* : */) throw this.unexpected(text, at);
        this.state = VALUE;
        return at + 1;
      case NEXT:
        return this.readNext(text, at, code);
      default:
        return this.beginValue(text, at, code);
    }
  }

  private readNext(text: string, at: number, code: number): number {
    if (code === 0x2c /* , */) this.state = this.array ? VALUE : KEY;
    else if (code === (this.array ? 0x5d : 0x7d)) return this.close(at);
    else throw this.unexpected(text, at);
    return at + 1;
  }

  private beginKey(text: string, at: number, code: number): number {
    if (code !== 0x22 /* " */) throw this.unexpected(text, at);
    this.inKey = true;
    this.state = STRING;
    return this.readString(text, at + 1);
  }

  private beginValue(text: string, at: number, code: number): number {
    switch (code) {
      case 0x22 /* " */:
        this.state = STRING;
        return this.readString(text, at + 1);
      case 0x7b /* { */:
        return this.open({}, text, at);
      case 0x5b /* [ */:
        return this.open([], text, at);
      case 0x74 /* t */:
        return this.beginLiteral('true', text, at);
      case 0x66 /* f */:
        return this.beginLiteral('false', text, at);
      case 0x6e /* n */:
        return this.beginLiteral('null', text, at);
    }
    const negative = code === 0x2d; /* - */
    if (!negative && !isDigit(code)) throw this.unexpected(text, at);
    this.state = NUMBER;
    this.numberState = FIRST_DIGIT;
    this.text = negative ? '-' : '';
    return this.readNumber(text, negative ? at + 1 : at);
  }

  private open(container: Container, text: string, at: number): number {
    if (this.stack.length >= this.maxDepth) throw new JsonLimitError('depth', this.maxDepth, this.position.locate(text, at));
    this.put(container);
    this.slots.push(this.slot);
    this.stack.push(container);
    this.widths.push(this.width);
    this.width = 0;
    this.enter(container);
    this.state = this.array ? FIRST_ITEM : FIRST_KEY;
    return at + 1;
  }

  protected close(at: number): number {
    this.stack.pop();
    this.slots.pop();
    this.width = this.widths.pop() as number;
    this.enter(this.stack[this.stack.length - 1]);
    this.endValue();
    return at + 1;
  }

  private enter(container: Container | undefined): void {
    this.array = Array.isArray(container) ? container : undefined;
    this.object = this.array ? undefined : (container as Record<string, unknown> | undefined);
  }

  private endValue(): void {
    this.state = this.stack.length === 0 ? DONE : NEXT;
  }

  /** A value that is new where it stands. */
  protected put(value: unknown): void {
    this.changed = true;
    this.width++;
    if (this.array) this.array.push(value);
    else this.set(value);
  }

  /** A string that grew where it stands. */
  protected grow(value: string): void {
    this.changed = true;
    if (this.array) this.array[this.array.length - 1] = value;
    else this.set(value);
  }

  private set(value: unknown): void {
    if (this.object) setMember(this.object, this.key, value);
    else this.value = value;
  }

  /** The key or index of the value that is read, in the innermost open container. */
  protected get slot(): string | number {
    return this.array ? this.array.length - 1 : this.key;
  }

  private readString(text: string, from: number): number {
    const { length } = text;
    let at = from;
    let code = 0;
    while (at < length) {
      code = text.charCodeAt(at);
      if (code === 0x22 || code === 0x5c || code < 0x20) break;
      at++;
    }
    if (at === length) {
      if (at > from) this.appendLast(text, from);
      return at;
    }
    if (code < 0x20) throw this.unexpected(text, at);
    if (at > from) this.append(text.slice(from, at));
    if (code === 0x22 /* " */) this.endString();
    else this.state = ESCAPE;
    return at + 1;
  }

  /** The end of a piece, which may split a surrogate pair: the first half waits, so that no half of a character shows. */
  private appendLast(text: string, from: number): void {
    const last = text.length - 1;
    if (!isHighSurrogate(text.charCodeAt(last))) return this.append(text.slice(from));
    this.append(text.slice(from, last));
    this.held = text.charAt(last);
  }

  private append(part: string): void {
    this.text += this.held === '' ? part : this.held + part;
    this.held = '';
  }

  private readEscape(text: string, at: number): number {
    const code = text.charCodeAt(at);
    if (code === 0x75 /* u */) {
      this.unit = this.digits = 0;
      this.state = UNICODE;
      return at + 1;
    }
    const escaped = ESCAPES[code];
    if (escaped === undefined) throw this.unexpected(text, at);
    this.append(escaped);
    this.state = STRING;
    return at + 1;
  }

  private readUnicode(text: string, at: number): number {
    const digit = hexDigit(text.charCodeAt(at));
    if (digit < 0) throw this.unexpected(text, at);
    this.unit = this.unit * 16 + digit;
    if (++this.digits < 4) return at + 1;
    const character = String.fromCharCode(this.unit);
    if (isHighSurrogate(this.unit)) {
      this.append('');
      this.held = character;
    } else this.append(character);
    this.state = STRING;
    return at + 1;
  }

  private showString(): void {
    if (!this.shown) this.put(this.text);
    else if (this.text.length > this.shownLength) this.grow(this.text);
    this.shown = true;
    this.shownLength = this.text.length;
  }

  private endString(): void {
    if (this.held !== '') this.append('');
    const { text, shown } = this;
    this.text = '';
    if (this.inKey) {
      this.inKey = false;
      this.key = text;
      this.state = COLON;
      return;
    }
    this.shown = false;
    if (!shown) this.put(text);
    else if (text.length > this.shownLength) this.grow(text);
    this.endValue();
  }

  private readNumber(text: string, from: number): number {
    const { length } = text;
    let state = this.numberState;
    let at = from;
    for (; at < length; at++) {
      const next = afterInNumber(state, text.charCodeAt(at));
      if (next < 0) break;
      state = next;
    }
    this.numberState = state;
    const part = text.slice(from, at);
    if (at === length) {
      this.text += part;
      return at;
    }
    if (!isWholeNumber(state)) throw this.unexpected(text, at);
    this.endNumber(this.text + part);
    return at;
  }

  private endNumber(text: string): void {
    this.text = '';
    this.put(Number(text));
    this.endValue();
  }

  private beginLiteral(word: string, text: string, at: number): number {
    this.state = LITERAL;
    this.word = word;
    this.digits = 1;
    return this.readLiteral(text, at + 1);
  }

  private readLiteral(text: string, from: number): number {
    const { word } = this;
    let at = from;
    while (at < text.length && this.digits < word.length) {
      if (text.charCodeAt(at) !== word.charCodeAt(this.digits)) throw this.unexpected(text, at);
      this.digits++;
      at++;
    }
    if (this.digits < word.length) return at;
    this.put(word === 'null' ? null : word === 'true');
    this.endValue();
    return at;
  }

  private unexpected(text: string, at: number): Error {
    return this.position.unexpected(text, at, expectedIn(this.state, this.array !== undefined, this.word));
  }
}
