/** What was measured, and what it may be at most. */
export class Table {
  exceeded = 0;

  title(text: string): void {
    console.log(`\n${text}`);
  }

  /** @param unit of both, as in `MiB` */
  atMost(what: string, value: number, limit: number, unit: string, digits = 1): void {
    this.row(what, `${value.toFixed(digits)} ${unit}`, `at most ${limit.toFixed(digits)} ${unit}`, value <= limit);
  }

  equal(what: string, value: number, expected: number): void {
    this.row(what, value.toLocaleString('en'), `${expected.toLocaleString('en')}`, value === expected);
  }

  private row(what: string, value: string, limit: string, kept: boolean): void {
    if (!kept) this.exceeded++;
    console.log(`  ${what.padEnd(52)} ${value.padStart(12)}   ${limit.padEnd(18)} ${kept ? 'kept' : 'EXCEEDED'}`);
  }
}
