/** How the Responses API recognises a reasoning item of its own: by its id, or by what it encrypted. */
export interface ReasoningKey {
  readonly id: string;
  readonly encrypted_content?: string;
}

/** A reasoning item's key as the one string that a reasoning block keeps. */
export function toSignature({ id, encrypted_content }: { readonly id: string; readonly encrypted_content?: string | null }): string {
  return JSON.stringify({ id, ...(encrypted_content && { encrypted_content }) } satisfies ReasoningKey);
}

/** The key again; `undefined` for a signature of another provider. */
export function fromSignature(signature: string): ReasoningKey | undefined {
  if (!signature.startsWith('{"id":')) return undefined;
  try {
    return JSON.parse(signature) as ReasoningKey;
  } catch {
    return undefined;
  }
}
