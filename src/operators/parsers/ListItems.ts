import { RivuletError } from '../../core/errors/RivuletError.js';

export interface ItemRules {
  readonly separator: string;
  /** What an item must begin with, to be one. */
  readonly marker: 'any' | 'number' | 'bullet' | undefined;
  readonly maxItemChars: number;
}

const BULLET = /^[-*+•‣◦](?:\s+|$)/;
const NUMBER = /^\d{1,9}[.)]\s+/;
const FENCE_LINE = /^(?:`{3,}|~{3,})[^`\n]*$/;

/** Items in text that comes in pieces, wherever it is cut. Each character is looked at once. */
export class ListItems {
  private item = '';
  /** Text that isn't in `item` yet: a separator may be in it, or begin at its end. */
  private rest = '';
  private telling = false;

  constructor(
    private readonly rules: ItemRules,
    private readonly found: (item: string) => void,
  ) {}

  add(text: string): void {
    this.rest += text;
    if (this.telling) return; // whoever got an item brought more text: it waits its turn
    const { separator } = this.rules;
    this.telling = true;
    for (let at = this.rest.indexOf(separator); at !== -1; at = this.rest.indexOf(separator)) {
      this.item += this.rest.slice(0, at);
      this.rest = this.rest.slice(at + separator.length);
      this.tell();
    }
    this.telling = false;
    this.keep();
  }

  /** The text ended, and with it the last item. */
  end(): void {
    this.item += this.rest;
    this.rest = '';
    this.tell();
  }

  private keep(): void {
    const { separator, maxItemChars } = this.rules;
    const settled = Math.max(0, this.rest.length - separator.length + 1);
    this.item += this.rest.slice(0, settled);
    this.rest = this.rest.slice(settled);
    if (this.item.length <= maxItemChars) return;
    throw new RivuletError('OUTPUT_INVALID', `an item of a list has more than ${maxItemChars} characters. Is '${separator}' what stands between items? Else raise maxItemChars`);
  }

  private tell(): void {
    const item = this.cleaned(this.item.trim());
    this.item = '';
    if (item) this.found(item);
  }

  private cleaned(text: string): string | undefined {
    const { separator, marker } = this.rules;
    const lines = separator === '\n';
    const item = lines ? (FENCE_LINE.test(text) ? '' : text) : unfenced(text);
    if (!lines && !marker) return item;
    const found = (marker !== 'number' && BULLET.exec(item)) || (marker !== 'bullet' && NUMBER.exec(item));
    if (found) return item.slice(found[0].length);
    return marker ? undefined : item;
  }
}

/** Text without a fence's first line at its beginning and last line at its end. */
function unfenced(text: string): string {
  const first = text.indexOf('\n');
  const body = FENCE_LINE.test(first === -1 ? '' : text.slice(0, first)) ? text.slice(first + 1) : text;
  const lastLine = body.lastIndexOf('\n') + 1;
  return (FENCE_LINE.test(body.slice(lastLine)) ? body.slice(0, lastLine) : body).trim();
}
