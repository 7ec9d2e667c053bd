/** Does all of it, whatever some of it throws, and returns what that was. */
export function tearDown(...ends: readonly (() => void)[]): readonly unknown[] {
  return ends.flatMap((end) => {
    try {
      end();
      return [];
    } catch (error) {
      return (error as { readonly name?: unknown } | undefined)?.name === 'UnsubscriptionError' ? (error as { readonly errors: readonly unknown[] }).errors : [error];
    }
  });
}
