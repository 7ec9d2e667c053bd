import { flow, type Flow } from '../../core/flow/flow.js';
import { last } from '../../core/flow/fold.js';
import { whole } from '../../core/flow/whole.js';
import { withPartials, type Left, type Partials } from './partials.js';
import { fill, parseTemplate, taggedTemplate, type PromptInput, type Template, type TemplateValue, type Values, type VariablesOf } from './template.js';

/** A flow from variables to text. */
export interface Prompt<V> extends Flow<PromptInput<V>, string> {
  /** The names of its variables, each once. */
  readonly variables: readonly string[];
  /** The same prompt with some variables given in advance. */
  partial<const P extends Partials<V>>(values: P): Prompt<Left<V, P>>;
}

/**
 * Makes text of a template and its variables: `{name}` in a string, with `{{` and `}}` for braces, or a tagged literal with
 * names in it. It is compiled once. A variable that is missing is an error of types where the template is known.
 *
 * ```text
 * -x--|   { topic: 'tea' }
 * prompt('A joke about {topic}')
 * -p--|   'A joke about tea'
 * ```
 *
 * *Demand*: transparent. *Timing*: synchronous. *Errors*: when it is built `TEMPLATE_INVALID` with the position; in a run
 * `TEMPLATE_VARIABLE` for a variable that is missing or has no obvious text.
 *
 * @example
 * ```ts
 * import { prompt } from 'rivulet';
 *
 * const joke = prompt('Tell a {kind} joke about {topic}').partial({ kind: 'short' });
 * const text = await joke.invoke({ topic: 'tea' }); // 'Tell a short joke about tea'
 * const same = await prompt`Tell a short joke about ${'topic'}`.invoke({ topic: 'tea' });
 * ```
 */
export function prompt<const T extends string>(template: T): Prompt<VariablesOf<T>>;
export function prompt<const N extends readonly string[]>(template: TemplateStringsArray, ...names: N): Prompt<{ readonly [K in N[number]]: TemplateValue }>;
export function prompt(template: string | TemplateStringsArray, ...names: readonly string[]): Prompt<Values> {
  return promptOf(Array.isArray(template) ? taggedTemplate(template as TemplateStringsArray, names) : parseTemplate(template as string), undefined);
}

function promptOf(template: Template, partials: Values | undefined): Prompt<Values> {
  const format = whole<Values, string>((values, run) => fill(template, withPartials(partials, values, run)));
  return Object.assign(flow<PromptInput<Values>, string>('prompt', format, { fold: last(), kind: 'prompt' }), {
    variables: Object.freeze([...new Set(template.names)].filter((name) => !partials || !Object.hasOwn(partials, name))),
    partial: (values: Values) => promptOf(template, { ...partials, ...values }) as never,
  });
}
