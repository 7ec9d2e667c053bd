/**
 * The generation of a Claude model as a number, 4.6 being 406, by which what it accepts is known: ids carry the version after the
 * family (`claude-sonnet-4-6`) or, of old, before it (`claude-3-7-sonnet-20250219`). One without a version counts as the
 * newest; `undefined` if it isn't Claude, as behind a gateway.
 */
export function generationOf(model: string): number | undefined {
  const name = /claude-(.+)/.exec(model)?.[1];
  if (name === undefined) return undefined;
  const version = /(?:^|-)(\d{1,2})(?:[-.](\d{1,2}))?(?![\d.])/.exec(name);
  return version ? Number(version[1]) * 100 + Number(version[2] ?? 0) : Infinity;
}
