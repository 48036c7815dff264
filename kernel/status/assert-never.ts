/** Closes a `switch` over a union: the compiler rejects the call while an arm is missing. */
export function assertNever(value: never): never {
  throw new TypeError(`Unexpected value: ${JSON.stringify(value)}`);
}
