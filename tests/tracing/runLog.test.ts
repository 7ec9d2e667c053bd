import { describe, expect, test } from '@jest/globals';
import * as fastJsonPatch from '@langchain/core/utils/json_patch';
import fc from 'fast-check';
import { from } from 'rxjs';
import type { PatchOperation, RunEvent, RunEventBody } from '../../src/core/events/RunEvent.js';
import { foldOf } from '../../src/core/flow/fold.js';
import { applyPatch } from '../../src/core/json/applyPatch.js';
import { pointerPart } from '../../src/core/json/jsonPointer.js';
import type { RunLog } from '../../src/tracing/log/RunLog.js';
import { runLog, type RunLogPatch } from '../../src/tracing/runLog.js';

/** What a UI in another language does: a library of RFC 6902, strictly, with what came over a wire. */
function rendered(lines: readonly string[]): unknown {
  return lines.reduce<unknown>((document, line) => fastJsonPatch.applyPatch(document, JSON.parse(line) as fastJsonPatch.Operation[], true).newDocument, {});
}

const ids = fc.constantFrom('a', '', '0', '-', 'a/b', '~1', 'toString');
const values = fc.oneof(fc.jsonValue(), fc.constantFrom(undefined, NaN, 1n, new Error('no'), new Map([['k', [1]]]), new Date(0), Symbol('s')));
const begins = { name: 'x', kind: 'llm', traceId: 't', order: 1, attempt: 1, tags: [], metadata: {} } as const;

/** What may happen, in whatever order: also to runs that haven't begun, and have ended. */
const bodies: fc.Arbitrary<RunEventBody> = fc.oneof(
  fc.record({ type: fc.constantFrom('run_start', 'span_start'), ...constants(begins), parentRunId: fc.option(ids, { nil: undefined }), input: values }),
  fc.record({ type: fc.constant('node_start'), traceId: fc.constant('t'), parentRunId: ids, order: fc.nat(), attempt: fc.nat(), node: ids, taskId: ids, step: fc.nat(), metadata: fc.constant(undefined), input: values }),
  fc.record({ type: fc.constantFrom('token', 'reasoning'), messageId: ids, text: fc.string({ unit: 'binary', maxLength: 3 }) }),
  fc.record({ type: fc.constant('tool_start'), callId: ids, name: ids, input: values }),
  fc.record({ type: fc.constant('tool_delta'), callId: ids, delta: values }),
  fc.record({ type: fc.constant('tool_end'), callId: ids, name: ids, output: values, error: fc.option(values, { nil: undefined }) }),
  fc.record({ type: fc.constant('custom'), value: values }),
  fc.record({ type: fc.constant('superseded'), attempt: fc.nat() }),
  fc.record({ type: fc.constantFrom('late_error', 'run_error'), error: values }),
  fc.record({ type: fc.constant('span_end'), status: fc.constantFrom('ok', 'error', 'cancelled'), input: values, output: values, error: values }),
  fc.record({ type: fc.constant('node_end'), node: ids, taskId: ids, step: fc.nat(), writes: fc.array(values) }),
  fc.record({ type: fc.constant('run_end'), status: fc.constantFrom('done', 'interrupted', 'drained', 'cancelled'), output: values }),
  fc.record({ type: fc.constant('state_update'), step: fc.nat(), checkpointId: ids, patch: statePatches() }),
) as fc.Arbitrary<RunEventBody>;

function constants<T extends object>(given: T): { [K in keyof T]: fc.Arbitrary<T[K]> } {
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, fc.constant(value)])) as { [K in keyof T]: fc.Arbitrary<T[K]> };
}

/** Each fits whatever state there is, as the first operation puts it. */
function statePatches(): fc.Arbitrary<readonly PatchOperation[]> {
  return fc.tuple(ids, values, fc.boolean()).map(([key, value, removes]) => [
    { op: 'add', path: '', value: { [key]: [value] } },
    { op: 'add', path: `/${pointerPart(key)}/-`, value },
    { op: 'replace', path: `/${pointerPart(key)}/0`, value },
    ...(removes ? [{ op: 'remove', path: `/${pointerPart(key)}` } as const] : []),
  ]);
}

describe('the patches of a log', () => {
  test('make the same log by any library, over a wire, and folded, whatever happens', () => {
    const runIds = fc.constantFrom('a/b', '~1', '0');
    const begun: [RunEventBody, string] = [{ type: 'run_start', ...begins, parentRunId: undefined, input: 1 }, 'a/b'];
    const events = fc.array(fc.tuple(bodies, runIds), { minLength: 20, maxLength: 40 }).map((all) => [...all.slice(0, 2), begun, ...all.slice(2)].map(([body, runId], seq): RunEvent => ({ ...body, runId, seq, at: seq, path: [] })));
    let longest = 0;
    fc.assert(
      fc.property(events, (happened) => {
        const log$ = from(happened).pipe(runLog());
        const patches: RunLogPatch[] = [];
        log$.subscribe((patch) => patches.push(patch));
        const lines = patches.map((patch) => JSON.stringify(patch));
        expect(lines.map((line) => JSON.parse(line) as RunLogPatch)).toStrictEqual(patches);
        const folding = foldOf(log$)?.start();
        for (const patch of patches) folding?.add(patch);
        longest = Math.max(longest, lines.length);
        const log = rendered(lines) as RunLog;
        expect(folding?.result()).toStrictEqual(log);
        expect(patches.reduce<unknown>(applyPatch, undefined)).toStrictEqual(log);
        expect(Object.keys(log.runs)).toContain(log.root);
      }),
      { numRuns: 60 },
    );
    expect(longest).toBeGreaterThan(15);
  });
});
