import { platform } from '../../../core/bridge/platform.js';

/** A variable of the environment as LangSmith's clients read it: `LANGSMITH_X`, or `LANGCHAIN_X`. */
export const langsmithVariable = (name: string): string | undefined => given(platform.env(`LANGSMITH_${name}`)) ?? given(platform.env(`LANGCHAIN_${name}`));

/** An empty value is none. */
export const given = (value: string | undefined): string | undefined => (value === undefined ? undefined : unquoted(value)) || undefined;

/** Without the quotes that shells and .env files leave. */
export const unquoted = (value: string): string => value.trim().replace(/^"(.*)"$/, '$1').replace(/^'(.*)'$/, '$1');
