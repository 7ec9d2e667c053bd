import { isRivuletError, RivuletError } from '../../core/errors/RivuletError.js';
import { requireCount } from '../../core/errors/optionChecks.js';
import type { JsonReader } from './partialJson/JsonReader.js';
import { JsonText, type CreateReader, type JsonTextOptions } from './partialJson/JsonText.js';
import { TextDeltas, type TextInput } from './TextDeltas.js';

export interface JsonFeedOptions extends JsonTextOptions {
  /** Takes a text that ends too early: its result is what came. Default false. */
  readonly partial?: boolean | undefined;
}

/** The JSON in a model's chunks. When they start over, so does it. */
export class JsonFeed<R extends JsonReader> {
  private text: JsonText<R>;
  private deltas: TextDeltas;
  private cutOff = false;
  private length = 0;
  private kept = '';

  /**
   * @param superseded called when what was read so far doesn't count any more
   * @param keeps whether the text is kept
   */
  constructor(
    private readonly options: JsonFeedOptions,
    private readonly createReader: CreateReader<R>,
    private readonly superseded: () => void,
    private readonly keeps = false,
  ) {
    this.text = new JsonText(options, createReader);
    this.deltas = this.newDeltas();
  }

  get reader(): R {
    return this.text.reader;
  }

  /** How much text the last chunk had, in UTF-16 units. */
  get added(): number {
    return this.length;
  }

  /** The text so far, where it is kept. */
  get said(): string {
    return this.kept;
  }

  /** Reads a chunk; returns whether the value changed. */
  add(chunk: TextInput): boolean {
    const piece = this.deltas.of(chunk);
    this.length = piece.length;
    if (this.keeps) this.kept += piece;
    if (typeof chunk === 'object' && 'finishReason' in chunk && chunk.finishReason === 'length') this.cutOff = true;
    return piece !== '' && this.text.write(piece);
  }

  /** The chunks ended; returns whether the value changed by that. Throws `JSON_INVALID` unless it is complete, or may be partial. */
  end(): boolean {
    try {
      return this.text.end(this.cutOff ? STOPPED : undefined);
    } catch (error) {
      if (this.options.partial && this.reader.value !== undefined && isRivuletError(error, 'JSON_INVALID')) return this.text.withheld || this.text.changed;
      throw error;
    }
  }

  /** Upstream starts over. */
  restart(): void {
    this.deltas = this.newDeltas();
    this.startOver();
  }

  private startOver(): void {
    this.text = new JsonText(this.options, this.createReader);
    this.cutOff = false;
    this.kept = '';
    this.superseded();
  }

  private newDeltas(): TextDeltas {
    return new TextDeltas(() => this.startOver());
  }
}

const AROUND: readonly unknown[] = ['prose', 'fence', 'nothing'];
const STOPPED = 'The model stopped at its token limit: raise maxTokens, or take what there is with json({ partial: true })';

/** Throws `INVALID_OPTION` at build time. */
export function checkFeedOptions({ around = 'prose', maxDepth, maxLength }: JsonFeedOptions): void {
  if (!AROUND.includes(around)) throw new RivuletError('INVALID_OPTION', `around is '${String(around)}'. It must be 'prose', 'fence' or 'nothing'`);
  if (maxDepth !== undefined) requireCount('maxDepth', maxDepth);
  if (maxLength !== undefined) requireCount('maxLength', maxLength, { infinite: true });
}
