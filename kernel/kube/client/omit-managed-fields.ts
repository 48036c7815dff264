/** Compact JSON only, as API servers write it; other spacing is left to whoever reads the parsed object. */
const FIELD = Buffer.from('"managedFields":[');
const [QUOTE, COMMA, OPEN_LIST, BACKSLASH, CLOSE_LIST, OPEN, CLOSE] = [
  0x22, 0x2c, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d,
] as const;

/**
 * Cuts every `"managedFields":[…]` out of JSON text before it is parsed: a third of most objects' bytes that no cache
 * keeps. Reuses (and destroys) the memory of `json`. An unescaped quote before the name cannot stand inside a string of
 * valid JSON, so only members are cut; what does not look like one is left as it is.
 */
export function omitManagedFields(json: Buffer): Buffer {
  let write = -1;
  let copied = 0;
  let from = 0;
  for (let at = json.indexOf(FIELD); at !== -1; at = json.indexOf(FIELD, from)) {
    const end = json[at - 1] === BACKSLASH ? -1 : endOfList(json, at + FIELD.length - 1);
    from = end === -1 ? at + FIELD.length : end;
    if (end === -1) continue;
    const cutFrom = json[at - 1] === COMMA ? at - 1 : at;
    if (write === -1) write = cutFrom;
    else {
      json.copyWithin(write, copied, cutFrom);
      write += cutFrom - copied;
    }
    copied = cutFrom === at && json[end] === COMMA ? end + 1 : end;
  }
  if (write === -1) return json;
  json.copyWithin(write, copied);
  return json.subarray(0, write + json.length - copied);
}

/** The index after the `]` that closes the list opening at `start`; -1 when it does not close. */
function endOfList(json: Buffer, start: number): number {
  let depth = 0;
  let inString = false;
  for (let at = start; at < json.length; at += 1) {
    const byte = json[at];
    if (inString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN_LIST || byte === OPEN) depth += 1;
    else if (byte === CLOSE_LIST || byte === CLOSE) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}
