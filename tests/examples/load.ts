import { fileURLToPath } from 'node:url';

/** An example's exports. Imported, it only defines: it runs when it is the program that was started. */
export async function load<T>(name: string): Promise<T> {
  return (await import(fileURLToPath(new URL(`../../examples/${name}.mjs`, import.meta.url)))) as T;
}
