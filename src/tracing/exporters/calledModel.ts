import type { TracedRun } from '../runs/TracedRun.js';

/** What a run says of the model that it called. */
export interface CalledModel {
  readonly model: string;
  readonly provider: string | undefined;
}

/** The model of a run, as its metadata say, or its name: `openai:gpt-5`. */
export function calledModel({ name, metadata }: TracedRun): CalledModel {
  const { model, provider } = metadata;
  if (typeof model === 'string') return { model, provider: typeof provider === 'string' ? provider : undefined };
  const colon = name.indexOf(':');
  return colon > 0 ? { provider: name.slice(0, colon), model: name.slice(colon + 1) } : { provider: undefined, model: name };
}
