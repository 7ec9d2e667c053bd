import { UsageError } from '../UsageError.js';

/**
 * The number that an option gives, as a setting; none if it wasn't given.
 *
 * @throws UsageError for what is no whole number above 0
 */
export function countOf<K extends string>(setting: K, text: string | undefined): { readonly [Key in K]?: number } {
  if (text === undefined) return {};
  if (/^[1-9]\d{0,8}$/.test(text)) return { [setting]: Number(text) } as { readonly [Key in K]: number };
  throw new UsageError(`'${text}' was given as ${setting}. It is how many: 1, 2, 3 …`);
}
