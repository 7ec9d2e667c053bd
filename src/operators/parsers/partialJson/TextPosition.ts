import { JsonInvalidError } from './JsonInvalidError.js';
import type { TextLocation } from './TextLocation.js';

const AROUND = 32;
/** Pieces are small and many: what is kept of them is cut seldom. */
const CUT = 1024;

/** Where in a text the current piece begins, with enough of what came before to quote it. */
export class TextPosition {
  offset = 0;
  /** What an error says is to be done, where its owner knows better than the error. */
  advice: string | undefined = undefined;
  private line = 1;
  private lineStart = 0;
  private before = '';

  /** The piece was read. */
  pass(piece: string): void {
    for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', at + 1)) {
      this.line++;
      this.lineStart = this.offset + at + 1;
    }
    this.offset += piece.length;
    if (piece.length >= AROUND) this.before = piece;
    else this.before = (this.before.length > CUT ? this.before.slice(-AROUND) : this.before) + piece;
  }

  /** A position of its own, `text` further on. */
  after(text: string): TextPosition {
    const position = Object.assign(new TextPosition(), this);
    position.pass(text);
    return position;
  }

  /** The place of `index` in the current piece. */
  locate(piece: string, index: number): TextLocation {
    let { line, lineStart } = this;
    for (let at = piece.indexOf('\n'); at >= 0 && at < index; at = piece.indexOf('\n', at + 1)) {
      line++;
      lineStart = this.offset + at + 1;
    }
    const offset = this.offset + index;
    const excerpt = (this.before + piece.slice(0, index)).slice(-AROUND) + piece.slice(index, index + AROUND);
    return { offset, line, column: offset - lineStart + 1, excerpt };
  }

  /** What is at `index` isn't what JSON has there; an empty piece is the end of the text. */
  unexpected(piece: string, index: number, expected: string): JsonInvalidError {
    const found = piece === '' ? 'the text ends' : `there is ${JSON.stringify(String.fromCodePoint(piece.codePointAt(index) ?? 0))}`;
    return new JsonInvalidError(`${expected} is due, but ${found}`, this.locate(piece, index), this.advice);
  }
}
