import type { ScriptMatch } from './scriptRule.js';

const PLACEHOLDER = /\{([\w.-]+)(?::(number|json))?\}/g;
const ALONE = new RegExp(`^${PLACEHOLDER.source}$`);

/** Puts what was met in the place of a template's placeholders; those it doesn't know stay as they are. */
export function fillText(template: string, match: ScriptMatch): string {
  return template.replace(PLACEHOLDER, (placeholder, name: string) => lookUp(name, match) ?? placeholder);
}

/** Fills the strings in a value of JSON, at any depth; `'{1:number}'` and `'{1:json}'` become what they say, where the text is that. */
export function fillValue(template: unknown, match: ScriptMatch): unknown {
  if (typeof template === 'string') return fillString(template, match);
  if (Array.isArray(template)) return template.map((item) => fillValue(item, match));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, fillValue(value, match)]));
}

function fillString(template: string, match: ScriptMatch): unknown {
  const [, name, kind] = ALONE.exec(template) ?? [];
  const text = name !== undefined && kind !== undefined ? lookUp(name, match) : undefined;
  if (text === undefined) return fillText(template, match);
  return kind === 'number' ? numberOf(text) : jsonOf(text);
}

function lookUp(name: string, { groups, named, text, results }: ScriptMatch): string | undefined {
  if (/^\d+$/.test(name)) return Number(name) < groups.length ? (groups[Number(name)] ?? '') : undefined;
  if (Object.hasOwn(named, name)) return named[name] ?? '';
  if (name === 'text') return text;
  if (name === 'result') return results.at(-1)?.text;
  return name.startsWith('result.') ? results.findLast(({ tool }) => tool === name.slice('result.'.length))?.text : undefined;
}

function numberOf(text: string): unknown {
  const value = Number(text);
  return text.trim() === '' || !Number.isFinite(value) ? text : value;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // what isn't JSON is what it is: text
  }
}
