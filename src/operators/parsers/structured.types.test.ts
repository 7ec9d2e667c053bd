import { z } from 'zod';
import { z as z3 } from 'zod/v3';
import { same, type Same } from '../../../tests/types/same.js';
import type { PatchOperation } from '../../core/events/RunEvent.js';
import { chain } from '../../core/flow/chain.js';
import type { Flow } from '../../core/flow/flow.js';
import { chat } from '../models/chat.js';
import type { ChatModel } from '../models/ChatModel.js';
import { structuredChat } from '../models/structuredChat.js';
import type { StandardSchema } from '../tools/schema.js';
import type { validatorOf, Validator } from '../tools/validatorOf.js';
import type { DeepPartial } from './DeepPartial.js';
import { json } from './json.js';
import { structured } from './structured.js';

interface TypeOf<O, R> {
  result<T>(equal: Same<R, T>): this;
  chunk<T>(equal: Same<O, T>): this;
}
declare function typeOf<O, R>(flow: Flow<never, O, R>): TypeOf<O, R>;

declare const model: ChatModel;
const trip = z.object({ city: z.string(), days: z.number().default(1), stops: z.array(z.object({ at: z.string() })) });
interface Trip {
  city: string;
  days: number;
  stops: { at: string }[];
}
interface GrowingTrip {
  readonly city?: string;
  readonly days?: number | undefined;
  readonly stops?: readonly { readonly at?: string }[];
}

// zod 4: the result is what the schema makes, what grows is what it takes.
typeOf(structured(trip)).result<Trip>(true).chunk<GrowingTrip | Trip>(true);
structured(trip)
  .run('')
  .subscribe((value) => {
    const at: string | undefined = value.stops?.[0]?.at;
    const city: string | undefined = value.city;
    // @ts-expect-error while it grows, a member may be missing
    const certain: string = value.city;
    return [at, city, certain];
  });

// zod 3
typeOf(structured(z3.object({ days: z3.string().transform(Number) })))
  .result<{ days: number }>(true)
  .chunk<{ readonly days?: string } | { days: number }>(true);

// A Standard Schema of another library.
declare const other: StandardSchema<{ a: string }, { a: number }>;
typeOf(structured(other)).result<{ a: number }>(true).chunk<{ readonly a?: string } | { a: number }>(true);

// A JSON Schema says nothing, unless its type is given.
typeOf(structured({ type: 'object' })).result<unknown>(true);
typeOf(structured<Trip>({ type: 'object' })).result<Trip>(true);

// In a chain, and as a chat.
typeOf(chain(chat(model), structured(trip))).result<Trip>(true);
const asked = structuredChat(model, trip, { temperature: 0, repair: {} });
typeOf(asked).result<Trip>(true);
asked.run([{ role: 'user', content: 'Where?' }]).subscribe((value) => value.days);
// @ts-expect-error the answer's schema is given as the schema
structuredChat(model, trip, { output: { name: 'x', schema: {} } });

typeOf(json()).result<unknown>(true);
typeOf(json<Trip>()).result<Trip>(true).chunk<Trip>(true);
typeOf(json<Trip>({ mode: 'patch' })).result<Trip>(true).chunk<readonly PatchOperation[]>(true);
// @ts-expect-error no such mode
json({ mode: 'diff' });

same<DeepPartial<{ a: { b: number[] }; c: null }>, { readonly a?: { readonly b?: readonly number[] }; readonly c?: null }>(true);
same<ReturnType<typeof validatorOf<typeof trip>>, Validator<Trip>>(true);
