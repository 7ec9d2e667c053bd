/** Bytes inline, as a `data:` address (RFC 2397). */
export const toDataUrl = ({ base64, mediaType }: { readonly base64: string; readonly mediaType: string }): string => `data:${mediaType};base64,${base64}`;
