export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** One line: what, the number, and what it should be. */
export function print(what: string, value: string, target: string, met: boolean): void {
  console.log(`${what.padEnd(64)} ${value.padStart(12)}   ${target} ${met ? '' : '  MISSED'}`.trimEnd());
}
