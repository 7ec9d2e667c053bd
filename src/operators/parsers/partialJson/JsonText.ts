import { isRivuletError } from '../../../core/errors/RivuletError.js';
import { JsonInvalidError } from './JsonInvalidError.js';
import { JsonLimitError } from './JsonLimitError.js';
import type { JsonReader } from './JsonReader.js';
import { TextPosition } from './TextPosition.js';

export interface JsonTextOptions {
  /**
   * What may stand around the JSON: any text, a Markdown fence included (`'prose'`, the default), a fence alone (`'fence'`), or
   * `'nothing'`. In prose the JSON begins at the first `{` or `[`, and what follows its end is left alone.
   */
  readonly around?: 'prose' | 'fence' | 'nothing' | undefined;
  /** How deep arrays and objects may nest. Default 512. */
  readonly maxDepth?: number | undefined;
  /** How long the whole text may be, in UTF-16 units. Default 67,108,864. */
  readonly maxLength?: number | undefined;
}

/** Makes a reader of one kind. */
export type CreateReader<R extends JsonReader> = (position: TextPosition, maxDepth: number) => R;

/**
 * Finds the one JSON value in a text that comes in pieces, and has it read. A string, number or literal alone is a value too;
 * in prose only the end of the text tells that nothing follows it, so that it doesn't show before.
 */
export class JsonText<R extends JsonReader> {
  reader: R;
  /** Whether the last `write` or `end` changed the value, as far as it may show. */
  changed = false;
  private position = new TextPosition();
  private piece = '';
  private readonly around: 'prose' | 'fence' | 'nothing';
  private readonly maxDepth: number;
  private readonly maxLength: number;
  private state: 'start' | 'prose' | 'ticks' | 'info' | 'inside' | 'after' | 'closed' = 'start';
  private ticks = 0;
  private fenced = false;
  /** A scalar that may turn out to be prose, with what came since it began and where that was. */
  private guess: { text: string; readonly position: TextPosition } | undefined;

  constructor(
    { around = 'prose', maxDepth = 512, maxLength = 2 ** 26 }: JsonTextOptions,
    private readonly createReader: CreateReader<R>,
  ) {
    this.around = around;
    this.maxDepth = maxDepth;
    this.maxLength = maxLength;
    this.reader = createReader(this.position, maxDepth);
  }

  /** Whether the value so far is only known to be one at the end of the text. */
  get withheld(): boolean {
    return this.guess !== undefined;
  }

  /** Reads a piece; returns whether the value changed. */
  write(piece: string): boolean {
    const { offset } = this.position;
    if (offset + piece.length > this.maxLength) throw new JsonLimitError('length', this.maxLength, { offset: this.maxLength });
    this.changed = false;
    if (this.guess) this.guess.text += piece;
    this.readAll(piece);
    return this.changed;
  }

  /** The text ended; returns whether the value changed by that. Throws `JSON_INVALID` unless it is complete. */
  end(advice?: string): boolean {
    this.changed = false;
    this.finish(advice);
    return this.changed;
  }

  private finish(advice: string | undefined): void {
    this.position.advice = advice;
    if (this.state === 'inside') this.endReader(advice);
    else if (this.state !== 'after' && this.state !== 'closed') throw this.nothingFound(advice);
    if (this.withheld) this.changed = true;
  }

  private endReader(advice: string | undefined): void {
    try {
      this.reader.end();
      if (this.reader.changed) this.changed = true;
    } catch (error) {
      if (!this.guess || !BEGINS_STRUCTURE.test(this.guess.text)) throw error;
      this.reread();
      this.readAll(this.piece);
      this.finish(advice);
    }
  }

  private readAll(piece: string): void {
    this.piece = piece;
    for (let at = 0; at < this.piece.length; ) at = this.read(this.piece, at);
    this.position.pass(this.piece);
  }

  private read(piece: string, at: number): number {
    switch (this.state) {
      case 'start':
        return this.readStart(piece, at);
      case 'prose':
        return this.readProse(piece, at);
      case 'ticks':
        return this.readTicks(piece, at);
      case 'info':
        return this.readInfo(piece, at);
      case 'inside':
        return this.readInside(piece, at);
      case 'after':
        return this.readAfter(piece, at);
      case 'closed':
        return this.readClosed(piece, at);
    }
  }

  private readStart(piece: string, from: number): number {
    const at = afterSpace(piece, from);
    if (at === piece.length) return at;
    const character = piece.charAt(at);
    if (character === '`' && this.around !== 'nothing') {
      this.state = 'ticks';
      return at;
    }
    const structured = character === '{' || character === '[';
    if (this.around === 'prose' && !structured && !BEGINS_SCALAR.includes(character)) return this.toProse(at);
    if (this.around === 'prose' && !structured) this.beginGuess(piece, at);
    this.state = 'inside';
    return at;
  }

  private readProse(piece: string, from: number): number {
    for (let at = from; at < piece.length; at++) {
      const code = piece.charCodeAt(at);
      if (code !== 0x7b && code !== 0x5b && code !== 0x60 /* { [ ` */) continue;
      this.state = code === 0x60 ? 'ticks' : 'inside';
      return at;
    }
    return piece.length;
  }

  private toProse(at: number): number {
    this.state = 'prose';
    this.fenced = false;
    return at;
  }

  private beginGuess(piece: string, at: number): void {
    this.guess = { text: piece.slice(at), position: this.position.after(piece.slice(0, at)) };
    this.reader = this.createReader(this.position, this.maxDepth);
  }

  /** It was prose: what came since it began is read again, as that; no guess can begin within it, so that happens once. */
  private reread(): number {
    const { text, position } = this.guess as { text: string; readonly position: TextPosition };
    this.guess = undefined;
    this.piece = text;
    this.position = position;
    this.reader = this.createReader(position, this.maxDepth);
    return this.toProse(0);
  }

  /** Three of them open a fence. */
  private readTicks(piece: string, from: number): number {
    let at = from;
    while (at < piece.length && piece.charAt(at) === '`') at++;
    this.ticks += at - from;
    if (at === piece.length) return at;
    const opens = this.ticks >= 3;
    this.ticks = 0;
    if (!opens && this.around === 'fence') throw this.position.unexpected(piece, at, 'a fence of three backticks');
    if (!opens) return this.toProse(at);
    this.state = 'info';
    return at;
  }

  /** The language beside an opening fence. */
  private readInfo(piece: string, from: number): number {
    let at = from;
    while (at < piece.length && IN_INFO.test(piece.charAt(at))) at++;
    if (at === piece.length) return at;
    this.state = 'start';
    this.fenced = true;
    return at;
  }

  private readInside(piece: string, from: number): number {
    let at = from;
    try {
      at = this.reader.write(piece, from);
    } catch (error) {
      if (this.guess && isRivuletError(error, 'JSON_INVALID')) return this.reread();
      throw error;
    }
    if (this.reader.changed && !this.guess) this.changed = true;
    if (this.reader.done) this.state = 'after';
    return at;
  }

  private readAfter(piece: string, from: number): number {
    if (this.around === 'prose' && !this.guess) return piece.length;
    const at = afterSpace(piece, from);
    if (at === piece.length) return at;
    if (this.fenced && piece.charAt(at) === '`') this.state = 'closed';
    else if (this.guess) return this.reread();
    else throw this.position.unexpected(piece, at, 'the end of the text');
    return at;
  }

  private readClosed(piece: string, from: number): number {
    if (this.around === 'prose') return piece.length;
    for (let at = from; at < piece.length; at++) {
      if (!CLOSES.includes(piece.charAt(at))) throw this.position.unexpected(piece, at, 'the end of the text');
    }
    return piece.length;
  }

  private nothingFound(advice: string | undefined): JsonInvalidError {
    const problem = this.state === 'start' && !this.fenced ? 'the model answered nothing' : 'there is no JSON in the text';
    return new JsonInvalidError(problem, this.position.locate('', 0), advice);
  }
}

const BEGINS_SCALAR = '"-0123456789tfn';
const BEGINS_STRUCTURE = /[[{]/;
const IN_INFO = /[\w.+\- \t]/;
const CLOSES = '` \t\r\n';

function afterSpace(piece: string, from: number): number {
  let at = from;
  for (; at < piece.length; at++) {
    const code = piece.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break;
  }
  return at;
}
