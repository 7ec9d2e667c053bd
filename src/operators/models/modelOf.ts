/** What a span says of its model: `openai:gpt-5` is the model `gpt-5` of the provider `openai`. */
export function modelOf(id: string): { readonly model: string; readonly provider?: string } {
  const colon = id.indexOf(':');
  return colon > 0 ? { provider: id.slice(0, colon), model: id.slice(colon + 1) } : { model: id };
}
