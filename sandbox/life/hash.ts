/** The letters of Kubernetes' generated names: no vowels, nothing that looks like another. */
const SAFE = 'bcdfghjklmnpqrstvwxz2456789';

/** FNV-1a, 32 bit. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash ^= text.charCodeAt(at);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/** A number in [0, 1) that is always the same for the same text. */
export function fraction(text: string): number {
  let mixed = hash32(text);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 0x1_0000_0000;
}

/** The text that stands in names and labels for a template, as `pod-template-hash` does. */
export function safeHash(text: string): string {
  return Array.from(String(hash32(text)), (digit) => SAFE[digit.charCodeAt(0) % SAFE.length]!).join('');
}

/** `length` hexadecimal digits that depend on the text alone. */
export function hexOf(text: string, length: number): string {
  let hex = '';
  for (let part = 0; hex.length < length; part++)
    hex += hash32(`${text}#${part}`).toString(16).padStart(8, '0');
  return hex.slice(0, length);
}

/** JSON with sorted keys and without absent fields: equal for equal values. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`);
  return `{${fields.join(',')}}`;
}
