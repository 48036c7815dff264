/** Cell filters as they stand in an address: `status:failed,pending;node:n1`. Names and texts are percent-encoded. */
export function formatCellFilter(where: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(where)
    .map(([name, texts]) => `${encodeURIComponent(name)}:${texts.map(encodeURIComponent).join(',')}`)
    .join(';');
}

/** Undefined for what is none. */
export function parseCellFilter(text: string): Record<string, string[]> | undefined {
  const where: Record<string, string[]> = {};
  for (const term of text.split(';').filter(Boolean)) {
    const colon = term.indexOf(':');
    const texts = term
      .slice(colon + 1)
      .split(',')
      .filter(Boolean);
    if (colon < 1 || texts.length === 0) return undefined;
    try {
      where[decodeURIComponent(term.slice(0, colon))] = texts.map(decodeURIComponent);
    } catch {
      return undefined;
    }
  }
  return where;
}
