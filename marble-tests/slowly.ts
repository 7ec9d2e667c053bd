import { map, timer, type Observable } from 'rxjs';

/** Work that takes `ms` for each value. */
export function slowly<T>(ms: number): (value: T) => Observable<T> {
  return (value) => timer(ms).pipe(map(() => value));
}
