import { platform } from '../../../core/bridge/platform.js';
import { requireWithin } from '../../../core/errors/optionChecks.js';
import type { ExportLimits } from '../ExportQueue.js';
import type { Hide } from './hidden.js';
import { langsmithDestinations, type LangsmithDestination, type LangsmithReplica } from './langsmithDestinations.js';
import { given, langsmithVariable, unquoted } from './langsmithVariable.js';

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
  /** Sends `{}` in place of inputs, or what a function makes of them. Default `LANGSMITH_HIDE_INPUTS`. */
  readonly hideInputs?: Hide;
  /** The same of outputs. Default `LANGSMITH_HIDE_OUTPUTS`. */
  readonly hideOutputs?: Hide;
  /** The same of metadata. Default `LANGSMITH_HIDE_METADATA`. */
  readonly hideMetadata?: Hide;
  /** Says of each run what it ran on: the runtime, the revision, variables of the environment that begin with `LANGSMITH_` or `LANGCHAIN_` and are no secrets. Default true. */
  readonly runtimeInfo?: boolean;
  /** Says the inputs of a run that ends after its beginning was sent once more. Default: if `LANGSMITH_EXCLUDE_INPUTS_ON_PATCH` is `false`. */
  readonly inputsOnPatch?: boolean;
  /** Where all runs go, in place of the one `endpoint`. Default `LANGSMITH_RUNS_ENDPOINTS`, or none. */
  readonly replicas?: readonly LangsmithReplica[];
  /** For every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Compresses requests where the server understands it. Default: unless `LANGSMITH_DISABLE_RUN_COMPRESSION` is `true`. */
  readonly compress?: boolean;
  /** Default: the platform's. */
  readonly fetch?: typeof fetch;
}

type Given = 'endpoint' | 'apiKey' | 'workspaceId' | 'replicas' | 'samplingRate' | keyof ExportLimits;

export type LangsmithConfig = Readonly<Required<Omit<LangsmithOptions, Given>>> & {
  readonly destinations: readonly LangsmithDestination[];
  /** Undefined where nobody spoke of sampling. */
  readonly samplingRate: number | undefined;
  /** Of the program that is traced. */
  readonly revision: string | undefined;
};

/** @throws RivuletError `INVALID_OPTION` for a sampling rate that isn't between 0 and 1, and for replicas that contradict each other */
export function langsmithConfig(options: LangsmithOptions): LangsmithConfig {
  const flag = (name: string): boolean => langsmithVariable(name) === 'true';
  const rate = options.samplingRate ?? langsmithVariable('TRACING_SAMPLING_RATE');
  return {
    enabled: options.enabled ?? (langsmithVariable('TRACING') ?? langsmithVariable('TRACING_V2')) !== 'false',
    destinations: langsmithDestinations(base(options), options.replicas),
    project: options.project ?? langsmithVariable('PROJECT') ?? given(platform.env('LANGCHAIN_SESSION')) ?? 'default',
    samplingRate: rate === undefined ? undefined : requireWithin('samplingRate', Number(rate), 0, 1),
    hideInputs: options.hideInputs ?? flag('HIDE_INPUTS'),
    hideOutputs: options.hideOutputs ?? flag('HIDE_OUTPUTS'),
    hideMetadata: options.hideMetadata ?? flag('HIDE_METADATA'),
    runtimeInfo: options.runtimeInfo ?? true,
    inputsOnPatch: options.inputsOnPatch ?? !/^(true|1)$/i.test(langsmithVariable('EXCLUDE_INPUTS_ON_PATCH') ?? 'true'),
    headers: options.headers ?? {},
    compress: options.compress ?? !flag('DISABLE_RUN_COMPRESSION'),
    revision: langsmithVariable('REVISION_ID'),
    fetch: options.fetch ?? ((...request) => globalThis.fetch(...request)),
  };
}

const base = ({ endpoint, apiKey, workspaceId }: LangsmithOptions): LangsmithDestination => ({
  endpoint: unquoted(endpoint ?? langsmithVariable('ENDPOINT') ?? 'https://api.smith.langchain.com').replace(/\/+$/, ''),
  apiKey: given(apiKey ?? langsmithVariable('API_KEY')),
  workspaceId: given(workspaceId ?? langsmithVariable('WORKSPACE_ID')),
  project: undefined,
  keepsIds: undefined,
});
