/** The whole number that a text is, if it is one and within the bounds (both included). */
export function parseWhole(text: string, min?: number, max?: number): number | undefined {
  if (!/^-?\d{1,15}$/.test(text.trim())) return undefined;
  const value = Number(text);
  return value < (min ?? -Infinity) || value > (max ?? Infinity) ? undefined : value;
}
