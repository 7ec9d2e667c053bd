/** What a test fails with: each expectation of the kit is shown to fail when it should. */
export function failureOf(test: () => void): string {
  try {
    test();
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  throw new Error('the test did not fail');
}
