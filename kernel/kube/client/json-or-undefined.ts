/** What the text says, or undefined when it is no JSON. The text stays out of every message: it may hold secrets. */
export function jsonOrUndefined(text: string | Buffer): unknown {
  try {
    return JSON.parse(text.toString());
  } catch {
    return undefined;
  }
}
