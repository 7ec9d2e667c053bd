import { timer, type Observable } from 'rxjs';
import { z } from 'zod';
import type { RunScope } from '../../src/core/context/RunScope.js';
import { same, typeOf } from './same.js';

declare const run: RunScope;

// What an answer is, its schema says: as it is given, which is before defaults and transforms.
typeOf(run.interrupt('ok?', { schema: z.boolean() })).is<Observable<boolean>>(true);
typeOf(run.answer('ok?', { schema: z.object({ n: z.number(), note: z.string().default('') }) })).is<PromiseLike<{ n: number; note?: string | undefined }>>(true);
typeOf(run.answer('ok?')).is<PromiseLike<unknown>>(true);
typeOf(run.answer('ok?', { schema: { type: 'boolean' } })).is<PromiseLike<unknown>>(true);
typeOf(run.answer<boolean>('ok?', { schema: { type: 'boolean' }, onExpiry: false })).is<PromiseLike<boolean>>(true);

// What comes in its place is the same.
run.answer('ok?', { schema: z.boolean(), ttlMs: 5, onExpiry: () => timer(5).pipe(() => run.interrupt<boolean>('sure?')) });
// @ts-expect-error a boolean is asked for
run.answer('ok?', { schema: z.boolean(), ttlMs: 5, onExpiry: 'late' });

// A memoised effect is what it comes to.
typeOf(run.once('k', () => 5)).is<Observable<number>>(true);
typeOf(run.once('k', async () => 'x')).is<Observable<string>>(true);
same<ReturnType<typeof run.once<Observable<0>>>, Observable<0>>(true);
