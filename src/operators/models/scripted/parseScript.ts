import type * as Yaml from 'yaml';
import { RivuletError } from '../../../core/errors/RivuletError.js';
import { checkRules, type Script } from './scriptRule.js';

const MAX_CHARS = 1_000_000;
const KEYS = ['id', 'paceMs', 'chunk', 'rules'];

/**
 * Reads a script for `scripted` from YAML (or JSON, which is YAML): a list of rules, or an object with `rules`, `id`,
 * `paceMs` and `chunk`. A document is data: it can hold patterns, never code. Needs the package `yaml`, loaded when called.
 *
 * @throws RivuletError `INVALID_OPTION` as a rejection, with line and column, or the rule and its field
 *
 * @example
 * ```ts
 * import { chat, parseScript, scripted } from 'rivulet';
 *
 * const script = await parseScript(`
 *   paceMs: 5
 *   rules:
 *     - when: { pattern: 'my name is (?<who>\\w+)', flags: i }
 *       reply: Nice to meet you, {who}!
 *     - reply: Who are you?
 * `);
 * const message = await chat(scripted(script)).invoke('My name is Ada'); // 'Nice to meet you, Ada!'
 * ```
 */
export async function parseScript(text: string): Promise<Script> {
  if (text.length > MAX_CHARS) throw invalid(`the script has ${text.length} characters. ${MAX_CHARS} is the limit: split it`);
  const document = parsed(text, await loadYaml());
  const script = Array.isArray(document) ? { rules: document } : document;
  if (typeof script !== 'object' || script === null) throw invalid('the script is neither a list of rules nor an object with rules');
  const unknown = Object.keys(script).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw invalid(`the script has the unknown key '${unknown}'. Known keys: ${KEYS.join(', ')}`);
  checkRules((script as Partial<Script>).rules);
  return script as Script;
}

type Parser = Pick<typeof Yaml, 'parseDocument'>;

async function loadYaml(): Promise<Parser> {
  try {
    return await import('yaml');
  } catch (cause) {
    throw invalid("a script in YAML needs the package 'yaml'. Install it: npm install yaml", cause);
  }
}

/** What YAML only warns of, such as an unknown tag, isn't what somebody meant either. */
function parsed(text: string, { parseDocument }: Parser): unknown {
  const document = parseDocument(text);
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw invalid(`the script is not plain YAML: ${problem.message}`, problem);
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw invalid(`the script is not plain YAML: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

function invalid(message: string, cause?: unknown): RivuletError {
  return new RivuletError('INVALID_OPTION', message, { cause });
}
