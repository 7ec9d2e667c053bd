import { displayWidth } from './displayWidth.js';

/** How a piece of a line looks, in the codes of ECMA-48. */
export type Style = 'plain' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** A piece of a line. */
export type Piece = readonly [text: string, style?: Style];

const CODES: Readonly<Record<Exclude<Style, 'plain'>, number>> = { dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

/** A line that takes at most so many columns of a terminal: a longer one is cut, with an ellipsis. */
export function styledLine(pieces: readonly Piece[], color: boolean, columns = Infinity): string {
  const isCut = columns < Infinity && widthOf(pieces.map(([text]) => text).join('')) > columns;
  let left = isCut ? columns - 1 : Infinity;
  let line = '';
  for (const [text, style = 'plain'] of pieces) {
    const shown = isCut ? beginning(text, left) : text;
    line += color && style !== 'plain' && shown !== '' ? `\u001b[${CODES[style]}m${shown}\u001b[0m` : shown;
    if (shown !== text) break;
    left -= widthOf(shown);
  }
  return isCut ? `${line}…` : line;
}

function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += displayWidth(character);
  return width;
}

function beginning(text: string, columns: number): string {
  let left = columns;
  let kept = '';
  for (const character of text) {
    left -= displayWidth(character);
    if (left < 0) break;
    kept += character;
  }
  return kept;
}
