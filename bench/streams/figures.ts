export const MB = 1e6;

export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** `target` is what has to be reached; `least`: or more, `most`: or less. */
export function judged(
  what: string,
  value: number,
  unit: string,
  target: { readonly least: number } | { readonly most: number },
): void {
  const ok = 'least' in target ? value >= target.least : value <= target.most;
  const bound = 'least' in target ? `≥ ${target.least}` : `≤ ${target.most}`;
  console.log(`${what}: ${value.toFixed(2)} ${unit} (target ${bound} ${unit}): ${ok ? 'ok' : 'MISSED'}`);
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
