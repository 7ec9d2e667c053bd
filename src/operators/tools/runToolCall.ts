import { throwError, type Observable, type Subscriber } from 'rxjs';
import type { RunContext } from '../../core/context/RunContext.js';
import { isRivuletError, RivuletError } from '../../core/errors/RivuletError.js';
import type { RunTimeoutError } from '../../core/errors/RunTimeoutError.js';
import type { Folding } from '../../core/flow/fold.js';
import { createSource, Link } from '../../core/subscription.js';
import type { ToolCallBlock } from '../messages/ContentBlock.js';
import type { ToolMessage } from '../messages/Message.js';
import { forCall, type AnyTool } from './buildTool.js';
import { nearestName } from '../../core/errors/nearestName.js';
import { ToolInputError } from './ToolInputError.js';
import { failedToolMessage, toolMessage } from './toolMessage.js';
import { toolFold } from './toolFold.js';
import { isToolOutput } from './toolOutput.js';
import { ToolReport } from './ToolReport.js';

/** Makes the result of a failed call. */
export type OnToolError = (error: unknown, call: ToolCallBlock) => unknown;

/** Runs one tool call to its message. Whatever goes wrong in it is a message too, unless `onError` throws. */
export function runToolCall(call: ToolCallBlock, tools: ReadonlyMap<string, AnyTool>, onError: OnToolError, run: RunContext): Observable<ToolMessage> {
  return createSource((subscriber) => {
    const tool = tools.get(call.name);
    const link = new ToolCall(call, tool, onError, run, subscriber).link;
    (tool ? chunksOf(tool, call, run) : throwError(() => unknownTool(call.name, [...tools.keys()]))).subscribe(link);
  });
}

class ToolCall {
  readonly link: Link<unknown>;
  private readonly report: ToolReport | undefined;
  private folding: Folding<unknown, unknown>;

  constructor(
    private readonly call: ToolCallBlock,
    tool: AnyTool | undefined,
    private readonly onError: OnToolError,
    run: RunContext,
    private readonly subscriber: Subscriber<ToolMessage>,
  ) {
    const fold = tool?.fold ?? toolFold<unknown>();
    this.folding = fold.start();
    this.report = run.hub && new ToolReport(call, run);
    this.link = new Link<unknown>(subscriber, {
      next: (chunk) => this.add(chunk),
      complete: () => this.completed(),
      error: (error) => this.failed(error),
      restart: () => {
        this.folding = fold.start();
      },
    });
    this.link.add(() => this.report?.close());
  }

  private add(chunk: unknown): void {
    this.report?.emitted(chunk);
    try {
      this.folding.add(chunk);
    } catch (error) {
      this.failed(error);
    }
  }

  private completed(): void {
    let result: unknown;
    let message: ToolMessage;
    try {
      result = this.folding.result();
      message = toolMessage(this.call, result);
    } catch (error) {
      return this.failed(error);
    }
    this.report?.done(result);
    this.end(message);
  }

  private failed(error: unknown): void {
    let message: ToolMessage;
    try {
      const result = this.onError(error, this.call);
      message = isToolOutput(result) ? toolMessage(this.call, result) : failedToolMessage(this.call, result);
    } catch (thrown) {
      this.report?.failed(thrown);
      return this.subscriber.error(thrown);
    }
    this.report?.failed(error);
    this.end(message);
  }

  private end(message: ToolMessage): void {
    this.subscriber.next(message);
    this.subscriber.complete();
  }
}

function chunksOf(tool: AnyTool, { id, args, raw }: ToolCallBlock, { hub }: RunContext): Observable<unknown> {
  if (args === undefined && raw !== undefined) return throwError(() => notJson(tool.name, raw));
  return (hub ? forCall(tool, id) : tool).run(args);
}

function notJson(name: string, raw: string): ToolInputError {
  let cause: unknown;
  try {
    JSON.parse(raw);
  } catch (error) {
    cause = error;
  }
  return new ToolInputError(name, raw, [{ path: [], message: `they are not JSON${cause instanceof Error ? ` (${cause.message})` : ''}` }], cause);
}

function unknownTool(name: string, known: readonly string[]): RivuletError {
  const nearest = nearestName(name, known);
  const all = known.length === 0 ? 'There are no tools' : `Tools: ${known.slice(0, 50).join(', ')}`;
  return new RivuletError('TOOL_UNKNOWN', `there is no tool '${name.slice(0, 64)}'. ${nearest === undefined ? '' : `Did you mean '${nearest}'? `}${all}`);
}

/** What a model reads of an error, unless `onError` says otherwise. */
export function explainToolError(error: unknown, { name }: ToolCallBlock): unknown {
  if (isRivuletError(error, 'TIMEOUT')) return `'${name}' gave no result within ${(error as RunTimeoutError).timeoutMs} ms`;
  return error instanceof Error ? error.message || error.name : error;
}
