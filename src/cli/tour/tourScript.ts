import type { ScriptRule } from '../../operators/models/scripted/scriptRule.js';

/** What the tour asks, in order. */
export const QUESTIONS = ['How large is the core of this project?', 'What does it depend on when it runs?'] as const;

/** How the embedded model answers the tour: with the real results of two tools. */
export const TOUR_RULES: readonly ScriptRule[] = [
  { when: 'how large is the core', reply: 'Let me count. ', calls: [{ name: 'list_files', args: { folder: 'src/core', extension: '.ts' } }] },
  {
    after: 'list_files',
    when: /^(\d+) files, (\d+) lines/,
    reply: 'There are {1} files of {2} lines in `src/core`; how much is that a file? ',
    calls: [{ name: 'calculate', args: { expression: '{2} / {1}' } }],
  },
  { after: 'calculate', reply: 'About {result} lines each: small enough to read over a coffee.' },
  { when: 'what does it depend on', reply: 'Its package says so. ', calls: [{ name: 'search_files', args: { text: '"rxjs":', extension: '.json' } }] },
  {
    after: 'search_files',
    when: /package\.json:(\d+): "rxjs": "([^"]+)"/,
    reply: 'It needs RxJS {2}, as line {1} of `package.json` says. Everything streams through it: these words, the tool calls, and this sentence.',
  },
];
