/** The known name that `given` most likely stands for; none if it resembles none. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  const wanted = plain(given.slice(0, 64)); // a model may write anything; names are no longer
  let nearest: string | undefined;
  let least = Math.ceil(wanted.length / 3) + 1;
  for (const name of known) {
    const distance = editDistance(wanted, plain(name));
    if (distance < least) {
      nearest = name;
      least = distance;
    }
  }
  return nearest;
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Levenshtein's distance, row by row. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
