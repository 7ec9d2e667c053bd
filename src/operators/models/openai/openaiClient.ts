import { OpenAI, type ClientOptions } from 'openai';
import { RivuletError } from '../../../core/errors/RivuletError.js';
import { ModelError } from '../ModelError.js';

/** How the SDK's client is made, or the client itself. Retries and timeouts are not among it: they are `withRetry` and `withTimeout`. */
export interface OpenAIClientOptions extends Omit<ClientOptions, 'maxRetries' | 'timeout'> {
  /** A client of your own, for instance `AzureOpenAI`; then the settings above are the client's. */
  readonly client?: OpenAI;
}

/** Gives the client, made at its first use: a program without a key builds, and fails where it asks. */
export type LazyClient = () => OpenAI;

/** The client for `options`, not made yet. */
export function lazyClient<T extends OpenAIClientOptions>(provider: string, options: T): LazyClient {
  let client = options.client;
  return () => (client ??= createClient(provider, options));
}

function createClient(provider: string, options: OpenAIClientOptions): OpenAI {
  try {
    return new OpenAI({ logLevel: 'off', ...options }); // what the SDK would print is in the typed errors
  } catch (cause) {
    const { message } = cause as Error;
    if (!message.startsWith('Missing credentials')) throw new RivuletError('INVALID_OPTION', `the client for '${provider}' could not be made: ${message}`, { cause });
    throw new ModelError('MODEL_AUTH', `there is no API key for '${provider}'. Set OPENAI_API_KEY in the environment, or give { apiKey }`, { provider, cause });
  }
}

/** For each request: one attempt, and as long as it takes (the longest a timer can). */
export const ONE_ATTEMPT = { maxRetries: 0, timeout: 2 ** 31 - 1 } as const;
