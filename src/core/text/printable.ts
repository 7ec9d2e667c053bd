/** Text without control characters other than tab and newline, and those that turn its direction: what a model or a file says can't move the cursor. */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/gu, '');
}
