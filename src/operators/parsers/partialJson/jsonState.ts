// What the next character of a JSON text may be.
/** A value. */
export const VALUE = 0;
/** An array's first item, or its end. */
export const FIRST_ITEM = 1;
/** An object's first key, or its end. */
export const FIRST_KEY = 2;
/** A key. */
export const KEY = 3;
/** The colon after a key. */
export const COLON = 4;
/** A comma, or the end of what is open. */
export const NEXT = 5;
/** Within a string. */
export const STRING = 6;
/** After a backslash. */
export const ESCAPE = 7;
/** Within the digits of `\u`. */
export const UNICODE = 8;
/** Within a number. */
export const NUMBER = 9;
/** Within true, false or null. */
export const LITERAL = 10;
/** Nothing more. */
export const DONE = 11;

/**
 * What would have been right, in words.
 *
 * @param inArray whether the innermost open container is an array
 * @param word the literal that is being read
 */
export function expectedIn(state: number, inArray: boolean, word: string): string {
  switch (state) {
    case FIRST_ITEM:
      return "a value or ']'";
    case FIRST_KEY:
      return "a key in double quotes or '}'";
    case KEY:
      return 'a key in double quotes';
    case COLON:
      return "':'";
    case NEXT:
      return inArray ? "',' or ']'" : "',' or '}'";
    case STRING:
      return 'the end of a string (control characters in it must be escaped)';
    case ESCAPE:
      return 'an escape: one of " \\ / b f n r t u';
    case UNICODE:
      return 'four hexadecimal digits';
    case NUMBER:
      return 'a digit';
    case LITERAL:
      return `'${word}'`;
    default:
      return 'a value';
  }
}
