import { toContent, type ContentInput } from './toContent.js';
import type { ContentBlock } from './ContentBlock.js';
import type { Role } from './Message.js';

export interface MessageOptions {
  readonly id?: string | undefined;
  /** Who speaks, where a role has several speakers. */
  readonly name?: string | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

interface Head<T extends Role> {
  readonly role: T;
  readonly content: readonly ContentBlock[];
  readonly id?: string;
  readonly name?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What all messages have; a field that isn't given isn't there, so that JSON gives the same message back. */
export function messageHead<T extends Role>(role: T, content: ContentInput, { id, name, metadata }: MessageOptions): Head<T> {
  return {
    role,
    content: toContent(content),
    ...(id !== undefined && { id }),
    ...(name !== undefined && { name }),
    ...(metadata !== undefined && { metadata }),
  };
}
