import { requireCount } from '../core/errors/optionChecks.js';
import { RedactingTracer } from './redaction/RedactingTracer.js';
import { Redactor } from './redaction/Redactor.js';
import { secretKeys } from './redaction/secretKeys.js';
import type { SecretRule } from './redaction/SecretRule.js';
import { secretRules } from './redaction/secretRules.js';
import type { TracerOperator } from './TracerOperator.js';

export interface RedactOptions {
  /** The keys whose values are taken out whatever they are. Default `secretKeys`; none: `[]`. */
  readonly keys?: readonly string[];
  /** What stands in place of a secret. Default `[redacted:name]`. */
  readonly replacement?: (name: string) => string;
  /** What lies deeper in a value isn't told. Default 64. */
  readonly maxDepth?: number;
}

/**
 * Takes secrets out of all that a tracer is told, before it is told: inputs, outputs, metadata, tags, names, events, errors with their
 * messages, stacks and causes; tokens and tool output also where a secret comes in pieces. The run itself, and whoever else watches it, sees
 * what it saw before. A value that may change later is copied as it is now. Not looked into: bytes, of which exporters tell but the
 * length, what is encoded (base64, say), and the pieces of a text that are `custom` events of their own.
 *
 * A streamed text is held back only where a secret may have begun. What was held follows with the next piece, or before the end of the
 * message's run as an event that repeats the place and time of the last piece; each other event keeps its place.
 *
 * @param rules how to know a secret. Default `secretRules`; `[...secretRules, ...personalRules]` takes e-mail addresses and the like too
 * @throws RivuletError `INVALID_OPTION` for a pattern that isn't understood, or might hold back a text without end
 *
 * @example
 * ```ts
 * import { lambda } from 'rivulet';
 * import { memoryTracer, redact, secretRules } from 'rivulet/tracing';
 *
 * const kept = memoryTracer();
 * const safe = redact([...secretRules, { name: 'badge', pattern: /\bACME-\d{6}\b/ }]);
 * await lambda((s: string) => s.length).invoke('I am ACME-123456', { tracer: safe(kept) });
 * kept.runs[0]?.inputs; // 'I am [redacted:badge]'
 * ```
 */
export function redact(rules: readonly SecretRule[] = secretRules, options: RedactOptions = {}): TracerOperator {
  const { keys = secretKeys, replacement = (name) => `[redacted:${name}]`, maxDepth = 64 } = options;
  const redactor = new Redactor({ rules, keys, replacement, maxDepth: requireCount('maxDepth', maxDepth) });
  return (tracer) => new RedactingTracer(tracer, redactor);
}
