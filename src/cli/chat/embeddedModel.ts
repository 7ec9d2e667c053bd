import type { ChatModel } from '../../operators/models/ChatModel.js';
import type { ScriptRule } from '../../operators/models/scripted/scriptRule.js';
import { scripted } from '../../operators/models/scripted/scripted.js';

const PACE_MS = 25;

/** What the embedded model can do with each tool: when it calls it, and what it says of the result. */
const SKILLS: Readonly<Record<string, readonly ScriptRule[]>> = {
  calculate: [
    { when: /(?:\d|\()[\d\s.()^%/*+-]*[-+*/%^][\d\s.()^%/*+-]*/, calls: [{ name: 'calculate', args: { expression: '{0}' } }] },
    { after: 'calculate', reply: 'That makes {result}.' },
  ],
  current_time: [
    { when: /\b(?:time|date|day|clock)\b/i, calls: [{ name: 'current_time', args: {} }] },
    { after: 'current_time', reply: 'It is {result}.' },
  ],
  read_file: [
    { when: /\bread (?:the file )?["'`]?([\w./-]+\w)/i, calls: [{ name: 'read_file', args: { path: '{1}' } }] },
    { after: 'read_file', reply: 'It says:\n\n{result}' },
  ],
  search_files: [
    { when: /\bsearch (?:for )?["'`]?([^"'`]+)/i, calls: [{ name: 'search_files', args: { text: '{1}' } }] },
    { after: 'search_files', reply: 'I found:\n\n{result}' },
  ],
  list_files: [
    { when: /\bfiles?\b/i, calls: [{ name: 'list_files', args: {} }] },
    { after: 'list_files', reply: 'There are:\n\n{result}' },
  ],
};

const SELF = 'I am the scripted model inside Rivulet: I follow rules and know nothing.';

/** The model that needs no key and no network. It says what it is, and uses the tools it is given. */
export function embeddedModel(toolNames: readonly string[]): ChatModel {
  const skills = Object.keys(SKILLS).filter((name) => toolNames.includes(name));
  const can = skills.length > 0 ? ` With the tools I have, I can ${skills.map((name) => name.replace('_', ' ')).join(', ')}.` : ' Give me tools: --tools calculator,clock,files.';
  const fallback: ScriptRule = { reply: `${SELF}${can} You said: “{text}”.` };
  return scripted([...skills.flatMap((name) => SKILLS[name] ?? []), fallback], { paceMs: PACE_MS });
}
