import { map, timer, type Observable } from 'rxjs';
import { flow, type Flow } from '../../src/core/flow/flow.js';
import { concatText } from '../../src/core/flow/fold.js';
import { lambda } from '../../src/core/flow/lambda.js';
import { whole } from '../../src/core/flow/whole.js';

/** A flow whose run is `source`, whatever its input, and folds as text. */
export const told = (name: string, source: Observable<string>): Flow<unknown, string> => flow<unknown, string>(name, whole(() => source), { fold: concatText });

/** A flow that gives `value` after so many frames. */
export const after = <T>(frames: number, value: T): Flow<unknown, T> => lambda((_: unknown) => timer(frames).pipe(map(() => value))) as Flow<unknown, T>;
