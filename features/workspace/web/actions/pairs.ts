/** Reads `name=value` lines; `bad` is the first line that is none. The value may be empty and hold more equals signs. */
export function readPairs(text: string): { readonly set: Record<string, string>; readonly bad?: string } {
  const set: Record<string, string> = {};
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '') continue;
    const equals = line.indexOf('=');
    const name = line.slice(0, equals).trim();
    if (equals < 1 || /\s/.test(name)) return { set, bad: line };
    set[name] = line.slice(equals + 1).trim();
  }
  return { set };
}
