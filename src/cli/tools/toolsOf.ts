import { z } from 'zod';
import type { AnyTool } from '../../operators/tools/buildTool.js';
import { tool } from '../../operators/tools/tool.js';
import { UsageError } from '../UsageError.js';
import { arithmetic } from './arithmetic.js';
import { fileTools } from './fileTools.js';

const SETS: Readonly<Record<string, (cwd: string) => readonly AnyTool[]>> = {
  calculator: () => [calculate()],
  clock: () => [currentTime()],
  files: fileTools,
};

/** The tools that `--tools` names, over the files below `cwd`. */
export function toolsOf(names: string | undefined, cwd: string): readonly AnyTool[] {
  const wanted = [...new Set(names?.split(',').map((name) => name.trim()).filter(Boolean) ?? [])];
  return wanted.flatMap((name) => {
    const make = Object.hasOwn(SETS, name) ? SETS[name] : undefined;
    if (!make) throw new UsageError(`there is no tool '${name}'. The tools are ${Object.keys(SETS).join(', ')}`);
    return make(cwd);
  });
}

function calculate(): AnyTool {
  return tool({
    name: 'calculate',
    description: 'The value of an arithmetic expression of numbers, + - * / % ^ and parentheses.',
    input: z.object({ expression: z.string().describe('such as (2 + 3) * 4') }),
    run: ({ expression }) => String(Number(arithmetic(expression).toFixed(6))),
  });
}

function currentTime(): AnyTool {
  return tool({
    name: 'current_time',
    description: 'The current date and time.',
    input: z.object({ timeZone: z.string().optional().describe('an IANA name, such as Europe/Rome; default UTC') }),
    run: ({ timeZone = 'UTC' }, run) => new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long', timeZone }).format(run.scheduler.now()),
  });
}
