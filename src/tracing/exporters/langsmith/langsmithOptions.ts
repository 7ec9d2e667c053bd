import { platform } from '../../../core/bridge/platform.js';
import { requireWithin } from '../../../core/errors/optionChecks.js';
import type { ExportLimits } from '../ExportQueue.js';

/** What isn't given comes from the environment: `LANGSMITH_X`, or `LANGCHAIN_X`, as the official client has it. */
export interface LangsmithOptions extends ExportLimits {
  /** False makes a tracer that does nothing. Default: unless `LANGSMITH_TRACING` (or `_TRACING_V2`) is `false`. */
  readonly enabled?: boolean;
  /** Default `LANGSMITH_ENDPOINT`, or `https://api.smith.langchain.com`. */
  readonly endpoint?: string;
  /** Default `LANGSMITH_API_KEY`. */
  readonly apiKey?: string;
  /** Where runs go that don't say. Default `LANGSMITH_PROJECT`, or `default`. */
  readonly project?: string;
  /** For keys of several workspaces. Default `LANGSMITH_WORKSPACE_ID`. */
  readonly workspaceId?: string;
  /** The share of traces that is sent, told by the trace's id: all of a trace or nothing. Default `LANGSMITH_TRACING_SAMPLING_RATE`, or 1. */
  readonly samplingRate?: number;
  /** Sends `{}` in place of inputs. Default `LANGSMITH_HIDE_INPUTS`. */
  readonly hideInputs?: boolean;
  /** Sends `{}` in place of outputs. Default `LANGSMITH_HIDE_OUTPUTS`. */
  readonly hideOutputs?: boolean;
  /** Sends no metadata. Default `LANGSMITH_HIDE_METADATA`. */
  readonly hideMetadata?: boolean;
  /** Compresses requests where the server understands it. Default: unless `LANGSMITH_DISABLE_RUN_COMPRESSION` is `true`. */
  readonly compress?: boolean;
  /** Default: the platform's. */
  readonly fetch?: typeof fetch;
}

export type LangsmithConfig = Readonly<Required<Omit<LangsmithOptions, keyof ExportLimits | 'apiKey' | 'workspaceId'>>> & {
  readonly apiKey: string | undefined;
  readonly workspaceId: string | undefined;
  /** Of the program that is traced. */
  readonly revision: string | undefined;
};

/** @throws RivuletError `INVALID_OPTION` for a sampling rate that isn't between 0 and 1 */
export function langsmithConfig(options: LangsmithOptions): LangsmithConfig {
  const flag = (name: string): boolean => environment(name) === 'true';
  return {
    enabled: options.enabled ?? (environment('TRACING') ?? environment('TRACING_V2')) !== 'false',
    endpoint: unquoted(options.endpoint ?? environment('ENDPOINT') ?? 'https://api.smith.langchain.com').replace(/\/+$/, ''),
    apiKey: given(options.apiKey ?? environment('API_KEY')),
    project: options.project ?? environment('PROJECT') ?? given(platform.env('LANGCHAIN_SESSION')) ?? 'default',
    workspaceId: given(options.workspaceId ?? environment('WORKSPACE_ID')),
    samplingRate: requireWithin('samplingRate', options.samplingRate ?? Number(environment('TRACING_SAMPLING_RATE') ?? 1), 0, 1),
    hideInputs: options.hideInputs ?? flag('HIDE_INPUTS'),
    hideOutputs: options.hideOutputs ?? flag('HIDE_OUTPUTS'),
    hideMetadata: options.hideMetadata ?? flag('HIDE_METADATA'),
    compress: options.compress ?? !flag('DISABLE_RUN_COMPRESSION'),
    revision: environment('REVISION_ID'),
    fetch: options.fetch ?? ((...request) => globalThis.fetch(...request)),
  };
}

const environment = (name: string): string | undefined => given(platform.env(`LANGSMITH_${name}`)) ?? given(platform.env(`LANGCHAIN_${name}`));

/** An empty value is none. */
const given = (value: string | undefined): string | undefined => (value === undefined ? undefined : unquoted(value)) || undefined;

const unquoted = (value: string): string => value.trim().replace(/^"(.*)"$/, '$1').replace(/^'(.*)'$/, '$1');
