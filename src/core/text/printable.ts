/** Text without control characters other than tab and newline: what a model or a file says can't move the cursor. */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\t\n]/gu, '');
}
