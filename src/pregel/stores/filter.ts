import { jsonFault } from '../../channels/requireJson.js';
import { RivuletError } from '../../core/errors/RivuletError.js';
import { canonicalJson } from '../../core/flow/canonicalJson.js';
import { byCodePoints } from './byCodePoints.js';
import type { ItemValue } from './Item.js';

/** What a field must be. Numbers compare with numbers, strings with strings by code points; a field that isn't there is only `$ne`. */
export interface FieldFilter {
  readonly $eq?: unknown;
  readonly $ne?: unknown;
  readonly $gt?: number | string;
  readonly $gte?: number | string;
  readonly $lt?: number | string;
  readonly $lte?: number | string;
}

/** What the fields of an item's value must be, all of them: a value is short for `{ $eq: value }`. */
export type Filter = Readonly<Record<string, string | number | boolean | null | readonly unknown[] | FieldFilter>>;

const OPERATORS = ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte'] as const;

/** One thing that a filter asks. */
export interface Comparison {
  readonly field: string;
  readonly operator: (typeof OPERATORS)[number];
  readonly operand: unknown;
}

/**
 * Takes a filter apart.
 *
 * @throws RivuletError `INVALID_OPTION` for unknown operators, and operands that can't be compared
 */
export function comparisonsOf(filter: Filter = {}): readonly Comparison[] {
  return Object.entries(filter).flatMap(([field, asked]): readonly Comparison[] => {
    if (asked === undefined) return [];
    if (typeof asked !== 'object' || asked === null || Array.isArray(asked)) return [checked({ field, operator: '$eq', operand: asked })];
    const given = Object.entries(asked).filter(([, operand]) => operand !== undefined);
    return given.map(([operator, operand]) => checked({ field, operator: operator as Comparison['operator'], operand }));
  });
}

function checked(comparison: Comparison): Comparison {
  const { field, operator, operand } = comparison;
  const at = `the filter of '${field}'`;
  if (!OPERATORS.includes(operator)) throw new RivuletError('INVALID_OPTION', `${at} has the operator '${operator}'. There are ${OPERATORS.join(', ')}; to find a whole object say { $eq: object }`);
  const equality = operator === '$eq' || operator === '$ne';
  if (!equality && typeof operand !== 'number' && typeof operand !== 'string') throw new RivuletError('INVALID_OPTION', `${at} has ${operator} with a ${typeof operand}. Numbers and strings have an order`);
  const fault = jsonFault(operand, operator);
  if (fault) throw new RivuletError('INVALID_OPTION', `${at} has ${fault.what} in it, at ${fault.at}. Items are JSON`);
  return comparison;
}

/** Whether a value is what all comparisons ask. */
export function satisfies(value: ItemValue, comparisons: readonly Comparison[]): boolean {
  return comparisons.every(({ field, operator, operand }) => holds(Object.hasOwn(value, field) ? value[field] : undefined, operator, operand));
}

function holds(value: unknown, operator: Comparison['operator'], operand: unknown): boolean {
  if (operator === '$eq') return equal(value, operand);
  if (operator === '$ne') return !equal(value, operand);
  const order = orderOf(value, operand);
  if (order === undefined) return false;
  if (operator === '$gt') return order > 0;
  if (operator === '$gte') return order >= 0;
  return operator === '$lt' ? order < 0 : order <= 0;
}

function equal(value: unknown, operand: unknown): boolean {
  if (value === operand) return true;
  const both = typeof value === 'object' && typeof operand === 'object' && value !== null && operand !== null;
  return both && canonicalJson(value) === canonicalJson(operand);
}

function orderOf(value: unknown, operand: unknown): number | undefined {
  if (typeof value === 'number' && typeof operand === 'number') return value - operand;
  return typeof value === 'string' && typeof operand === 'string' ? byCodePoints(value, operand) : undefined;
}
