import { RivuletError } from '../../core/errors/RivuletError.js';
import type { ChunkOfWhole } from '../control/RecordFold.js';

/** What a variable may be: what has one obvious text. Make text of anything else before the prompt. */
export type TemplateValue = string | number | bigint | boolean;

/** The names in a template, `{{` and `}}` being braces; any string, if the template isn't known when it is compiled. */
export type VariablesIn<T extends string, Found extends string = never> = string extends T
  ? string
  : T extends `${string}{${infer Rest}`
    ? Rest extends `{${infer Escaped}`
      ? VariablesIn<Escaped, Found>
      : Rest extends `${infer Name}}${infer After}`
        ? VariablesIn<After, Found | Name>
        : Found
    : Found;

/** The variables of a template, by name. */
export type VariablesOf<T extends string> = { readonly [K in VariablesIn<T>]: TemplateValue };

/** What a prompt takes: its variables, or chunks of a record of them. */
export type PromptInput<V> = V | ChunkOfWhole<V>;

export type Values = Readonly<Record<string, unknown>>;

/** A template, compiled: the text before, between and after its variables. */
export interface Template {
  readonly texts: readonly string[];
  readonly names: readonly string[];
}

const NAME = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u;
const BRACE = /[{}]/g;

/** @throws RivuletError `TEMPLATE_INVALID`, with the position of what is wrong */
export function parseTemplate(source: string): Template {
  if (typeof source !== 'string') throw new RivuletError('TEMPLATE_INVALID', `a template is a ${typeof source}. Give a string with {variables}`);
  const texts: string[] = [];
  const names: string[] = [];
  let text = '';
  let at = 0;
  for (let brace = nextBrace(source, at); brace !== -1; brace = nextBrace(source, at)) {
    text += source.slice(at, brace);
    if (source[brace + 1] === source[brace]) {
      text += source[brace];
      at = brace + 2;
      continue;
    }
    const end = source.indexOf('}', brace);
    if (source[brace] === '}') throw invalid(source, brace, "a '}' has no '{' before it");
    if (end === -1) throw invalid(source, brace, "a '{' is not closed");
    names.push(checkName(source.slice(brace + 1, end), (what) => invalid(source, brace, what)));
    texts.push(text);
    text = '';
    at = end + 1;
  }
  texts.push(text + source.slice(at));
  return { texts, names };
}

/** The template of a tagged literal, in whose text braces are braces. */
export function taggedTemplate(strings: TemplateStringsArray, names: readonly string[]): Template {
  const texts = strings.map((text, index) => {
    if (typeof text === 'string') return text;
    throw new RivuletError('TEMPLATE_INVALID', `part ${index + 1} of a tagged prompt has an invalid escape. Write \\\\ for a backslash`);
  });
  for (const name of names) checkName(name, (what) => new RivuletError('TEMPLATE_INVALID', `${what} in a tagged prompt. Put names in it: prompt\`Hello \${'name'}\``));
  return { texts, names };
}

function nextBrace(source: string, from: number): number {
  BRACE.lastIndex = from;
  return BRACE.exec(source)?.index ?? -1;
}

function checkName(name: string, fault: (what: string) => RivuletError): string {
  if (typeof name === 'string' && NAME.test(name)) return name;
  throw fault(name === '' ? 'a variable has no name' : `'${String(name).slice(0, 40)}' is not a variable's name`);
}

function invalid(source: string, position: number, what: string): RivuletError {
  const before = source.slice(0, position).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return new RivuletError('TEMPLATE_INVALID', `${what}, at position ${position} (line ${before.length}, column ${column}). Write {{ and }} for braces that are text`);
}

/** The template's text. Only own properties are variables. */
export function fill({ texts, names }: Template, values: Values): string {
  let text = texts[0] as string;
  for (let i = 0; i < names.length; i++) text += textValue(values, names[i] as string) + (texts[i + 1] as string);
  return text;
}

function textValue(values: Values, name: string): string {
  const value = valueOf(values, name);
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value === undefined) throw missing(values, name);
  throw new RivuletError('TEMPLATE_VARIABLE', `the variable '${name}' of a prompt is ${value === null ? 'null' : `a ${typeof value}`}. Make text of it before the prompt`);
}

/** A value by its name; `undefined` if there is none of its own. */
export function valueOf(values: Values, name: string): unknown {
  return typeof values === 'object' && values !== null && Object.hasOwn(values, name) ? values[name] : undefined;
}

/** The error of a variable without a value. */
export function missing(values: Values, name: string): RivuletError {
  const given = typeof values === 'object' && values !== null ? Object.keys(values).slice(0, 20).join(', ') || 'none' : `a ${typeof values} in place of an object`;
  return new RivuletError('TEMPLATE_VARIABLE', `the variable '${name}' of a prompt is missing. Given: ${given}`);
}
