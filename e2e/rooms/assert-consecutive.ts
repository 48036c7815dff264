import assert from 'node:assert/strict';

/** The number at the end of a line. */
export function numberOf({ text }: { readonly text: string }): number {
  return Number(text.slice(text.lastIndexOf(' ') + 1));
}

/** None missing, none twice, in order. */
export function assertConsecutive(lines: readonly { readonly text: string }[], what: string): void {
  const numbers = lines.map(numberOf);
  const first = numbers[0] ?? 0;
  const wrong = numbers.findIndex((number, index) => number !== first + index);
  const told = `${what}: after ${numbers[wrong - 1]} came ${numbers[wrong]}, of ${numbers.length} lines`;
  assert.equal(wrong, -1, told);
}
