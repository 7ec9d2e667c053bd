/** What a text takes in memory: engines keep it in one byte a character, or all of it in two. */
export const heapBytes = (text: string): number => (/[\u0100-\uffff]/.test(text) ? 2 * text.length : text.length);
