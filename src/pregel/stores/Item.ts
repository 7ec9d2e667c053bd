/** Where items are: any list of any strings, from the general to the particular, such as `['users', userId, 'notes']`. */
export type Namespace = readonly string[];

/** What an item holds: an object of JSON data. */
export type ItemValue = Readonly<Record<string, unknown>>;

/** Something that is remembered beyond its thread. */
export interface Item {
  readonly namespace: Namespace;
  readonly key: string;
  readonly value: ItemValue;
  /** Milliseconds, on the store's clock. */
  readonly createdAt: number;
  readonly updatedAt: number;
}
