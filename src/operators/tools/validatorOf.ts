import { from, map, type Observable } from 'rxjs';
import { isPromiseLike } from '../../core/bridge/result.js';
import { jsonSchemaValidator } from './jsonSchemaValidator.js';
import { isStandardSchema, type InferOutput, type Schema, type StandardResult, type Validation } from './schema.js';

/** Checks one value; an Observable of one validation where the schema is asynchronous. `deliver` takes either. */
export type Validator<T> = (value: unknown) => Validation<T> | Observable<Validation<T>>;

/**
 * What checks values against a schema: zod and Standard Schemas by themselves, a JSON Schema by a validator of drafts 4 to
 * 2020-12. Made once, so that a schema that can't be used is found where the program is built.
 *
 * *Timing*: synchronous, unless the schema is not. *Errors*: what an asynchronous schema rejects with.
 *
 * @throws RivuletError `TOOL_SCHEMA`
 *
 * @example
 * ```ts
 * import { validatorOf } from 'rivulet';
 * import { z } from 'zod';
 *
 * const validate = validatorOf(z.object({ city: z.string() }));
 * const said = validate({ city: 1 }); // { issues: [{ path: ['city'], message: … }] }
 * ```
 */
export function validatorOf<S extends Schema>(schema: S): Validator<InferOutput<S>> {
  if (!isStandardSchema(schema)) return jsonSchemaValidator(schema) as Validator<InferOutput<S>>;
  const standard = schema['~standard'];
  return (value) => {
    const result: unknown = standard.validate(value);
    if (isPromiseLike(result)) return from(result as PromiseLike<StandardResult<InferOutput<S>>>).pipe(map(toValidation));
    return toValidation(result as StandardResult<InferOutput<S>>);
  };
}

/** A few libraries give an issue's keys as objects. */
function toValidation<T>(result: StandardResult<T>): Validation<T> {
  if (!result.issues) return { value: result.value };
  return {
    issues: result.issues.map(({ message, path = [] }) => ({
      message,
      path: path.map((segment) => (typeof segment === 'object' ? segment.key : segment)).map((key) => (typeof key === 'symbol' ? String(key) : key)),
    })),
  };
}
