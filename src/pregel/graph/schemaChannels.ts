import type { Channel } from '../../channels/Channel.js';
import { InvalidUpdateError } from '../../channels/InvalidUpdateError.js';
import { lastValue } from '../../channels/lastValue.js';
import { isOverwrite, overwrite } from '../../channels/overwrite.js';
import { isPromiseLike } from '../../core/bridge/result.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import type { InferInput, InferOutput, StandardResult, StandardSchema } from '../../operators/tools/schema.js';
import { channelAt, type WithChannel } from './channelOf.js';

/** A schema of an object, such as zod's: its fields are schemas themselves. */
export interface StateSchema extends StandardSchema {
  readonly shape: Readonly<Record<string, StandardSchema>>;
}

/** A field with a channel of its own is that; any other holds the last value written. */
export type ChannelsOfSchema<S extends StateSchema> = {
  readonly [K in keyof S['shape']]: S['shape'][K] extends WithChannel<infer C> ? C : Channel<InferOutput<S['shape'][K]>, InferInput<S['shape'][K]>>;
};

/** Whether a graph's state is declared by a schema. */
export function isStateSchema(spec: object): spec is StateSchema {
  return '~standard' in spec && 'shape' in spec;
}

/**
 * The channels that the fields of a schema declare.
 *
 * @throws RivuletError `INVALID_OPTION` for a field whose schema is asynchronous
 */
export function schemaChannels(schema: StateSchema): Readonly<Record<string, Channel<unknown>>> {
  return Object.fromEntries(Object.entries(schema.shape).map(([name, field]) => [name, channelAt(field) ?? fieldChannel(name, field)]));
}

/** Holds the last value that fits; its default is what the schema makes of nothing. */
function fieldChannel(name: string, field: StandardSchema): Channel<unknown> {
  initialOf(name, field); // so that a schema which can't be used is found where the graph is built
  return {
    ...lastValue(),
    initial: () => initialOf(name, field),
    prepare: (write) => (isOverwrite(write) ? overwrite(checked(name, field, write.value)) : checked(name, field, write)),
  };
}

function initialOf(name: string, field: StandardSchema): unknown {
  const result = validated(name, field, undefined);
  return result.issues ? undefined : result.value;
}

function checked(name: string, field: StandardSchema, write: unknown): unknown {
  const result = validated(name, field, write);
  if (!result.issues) return result.value;
  const issues = result.issues.map(({ message, path = [] }) => [...path.map((key) => String(typeof key === 'object' ? key.key : key)), message].join(': '));
  throw new InvalidUpdateError('INVALID_UPDATE', `channel '${name}' got a value that its schema refuses: ${issues.join('; ')}. Write what the schema accepts`);
}

function validated(name: string, field: StandardSchema, value: unknown): StandardResult<unknown> {
  const result = field['~standard'].validate(value);
  if (!isPromiseLike(result)) return result as StandardResult<unknown>;
  throw new RivuletError('INVALID_OPTION', `the schema of field '${name}' is asynchronous, and a superstep's writes are applied at once. Check it in a node, and use a synchronous schema here`);
}
