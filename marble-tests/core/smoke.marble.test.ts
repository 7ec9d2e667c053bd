import { expect, test } from '@jest/globals';
import { map, timer, of } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { chain } from '../../src/core/flow/chain.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { each } from '../../src/core/flow/each.js';
import { pull } from '../../src/core/demand/pull.js';
import { mapAsync } from '../../src/core/demand/mapAsync.js';

test('works', async () => {
  const c = chain(lambda((n: number) => n + 1), lambda(async (n: number) => `${n}`));
  expect(await c.invoke(1)).toBe('2');
  const out: unknown[] = [];
  for await (const x of c.stream(3)) out.push(x);
  expect(out).toEqual(['4']);
  expect(await c.batch([1, 2, 3])).toEqual(['2', '3', '4']);
  const ev: any[] = [];
  await new Promise<void>((r) => c.events(1).subscribe({ next: (e) => ev.push(e), complete: r }));
  console.log(ev);
  const run = c.start(5);
  run.status$.subscribe((s) => console.log(s));
  expect(await run.result).toBe('6');
});
test('marble', () => {
  const s = new TestScheduler((a, e) => expect(a).toEqual(e));
  s.run(({ expectObservable }) => {
    expectObservable(pull('abcde').pipe(mapAsync((x) => timer(10).pipe(map(() => x)), { concurrency: 2 }))).toBe('10ms (ab) 6ms (cd) 6ms (e|)');
    expectObservable(pull('ab').pipe(each(lambda((x: string) => timer(3).pipe(map(() => x)))))).toBe('---a--(b|)');
  });
});
