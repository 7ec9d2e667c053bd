/** What a node of the simulated graph fails with now and then. */
export class FlakyError extends Error {
  override readonly name = 'FlakyError';
  constructor(what: string) {
    super(`${what} failed this time`);
  }
}
