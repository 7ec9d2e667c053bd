/** Where the bytes of a medium are: at an address, inline in base64, or with the provider under an id. */
export type MediaSource =
  | { readonly url: string; readonly mediaType?: string }
  | { readonly base64: string; readonly mediaType: string }
  | { readonly fileId: string; readonly mediaType?: string };

export interface TextBlock {
  readonly type: 'text';
  readonly text: string;
}

/** What a model thought before it answered. `signature` lets the provider recognise its own thought when it comes back. */
export interface ReasoningBlock {
  readonly type: 'reasoning';
  readonly text: string;
  readonly signature?: string;
  /** Encrypted by the provider; to be sent back unchanged. */
  readonly redacted?: string;
}

export interface ImageBlock {
  readonly type: 'image';
  readonly source: MediaSource;
  readonly detail?: 'low' | 'high' | 'auto';
}

export interface AudioBlock {
  readonly type: 'audio';
  readonly source: MediaSource;
  readonly transcript?: string;
}

export interface FileBlock {
  readonly type: 'file';
  readonly source: MediaSource;
  readonly filename?: string;
}

export interface ToolCallBlock {
  readonly type: 'tool_call';
  readonly id: string;
  readonly name: string;
  /** The parsed arguments; `undefined` if `raw` isn't JSON. */
  readonly args: unknown;
  /** The arguments as the model wrote them. */
  readonly raw?: string;
}

export interface ToolResultBlock {
  readonly type: 'tool_result';
  readonly toolCallId: string;
  readonly content: readonly ContentBlock[];
  readonly isError?: boolean;
}

export interface CitationBlock {
  readonly type: 'citation';
  readonly text?: string;
  readonly url?: string;
  readonly title?: string;
  readonly start?: number;
  readonly end?: number;
}

/** What only one provider knows, passed through unchanged. */
export interface ProviderBlock {
  readonly type: 'provider';
  readonly provider: string;
  readonly value: unknown;
}

export type ContentBlock = TextBlock | ReasoningBlock | ImageBlock | AudioBlock | FileBlock | ToolCallBlock | ToolResultBlock | CitationBlock | ProviderBlock;
