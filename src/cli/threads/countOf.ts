import { UsageError } from '../UsageError.js';

/** @throws UsageError for what is no whole number above 0 */
export function countOf<K extends string>(name: K, text: string | undefined): { readonly [Key in K]?: number } {
  if (text === undefined) return {};
  if (/^[1-9]\d{0,8}$/.test(text)) return { [name]: Number(text) } as { readonly [Key in K]: number };
  throw new UsageError(`--${name} is '${text}'. It is how many: 1, 2, 3 …`);
}
