import { typeOf } from '../../../tests/types/same.js';
import type { StateSnapshot } from '../engine/StateSnapshot.js';
import { entrypoint } from './entrypoint.js';
import { final } from './final.js';

const flow = entrypoint('total', (n: number) => final({ value: String(n), save: n }));
const plain = entrypoint('plain', async (word: string) => word.length);

// A run says the value, the threads what is saved; before the end of the first run there is neither.
typeOf(flow.invoke(1)).is<Promise<string | undefined>>(true);
typeOf(flow.getState({ thread: 't' })).is<Promise<StateSnapshot<number | undefined> | undefined>>(true);
typeOf(plain.getState({ thread: 't' })).is<Promise<StateSnapshot<number | undefined> | undefined>>(true);
// @ts-expect-error a number is what it takes
flow.invoke('one').catch(String);
// @ts-expect-error its state is its own
export const updateState = flow.updateState;
