import type { RivuletError } from '../../core/errors/RivuletError.js';
import type { JsonSchema } from '../models/ChatModel.js';
import type { MessageInput } from '../messages/toMessages.js';
import { describeIssues, OutputInvalidError } from './OutputInvalidError.js';

/** What is wrong with an answer, for a model to mend. */
export interface RepairProblem {
  /** `JSON_INVALID` or `OUTPUT_INVALID`. */
  readonly error: RivuletError;
  /** The answer, up to where it went wrong. */
  readonly text: string;
  readonly schema: JsonSchema;
}

/** Asks for a corrected answer. */
export function repairRequest({ error, text, schema }: RepairProblem): MessageInput {
  const problems = error instanceof OutputInvalidError ? describeIssues(error.issues, '\n- ') : error.message;
  return [
    { role: 'system', content: 'You correct JSON. Answer with the corrected JSON alone: no explanation, no Markdown. Keep what is right as it is.' },
    { role: 'user', content: `The answer below should be JSON that fits this schema:\n${JSON.stringify(schema)}\n\nIts problems:\n- ${problems}\n\nThe answer:\n${text}` },
  ];
}
