/** Sets an own member. A plain assignment to `__proto__` would set the prototype instead. */
export function setMember(container: object, slot: string | number, value: unknown): void {
  if (slot === '__proto__') Object.defineProperty(container, slot, { value, writable: true, enumerable: true, configurable: true });
  else (container as Record<string | number, unknown>)[slot] = value;
}
