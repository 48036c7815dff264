/** Frozen objects as the JSON that goes over the wire, encoded once for everybody. */
export interface EncodedObjects {
  /** The object's JSON. `object` must never change, as those of a Cache do not. */
  encode(object: object): Buffer;
  /** Bytes held now, counted from when each was encoded; may count what has been collected since. */
  readonly bytes: number;
}

/**
 * Holds encodings for as long as their objects live and at most about `maxBytes`. Two generations: when the younger has
 * half of it, the older is forgotten; what is asked for again moves to the younger.
 */
export function createEncodedObjects(maxBytes: number): EncodedObjects {
  let young = new WeakMap<object, Buffer>();
  let old = new WeakMap<object, Buffer>();
  let youngBytes = 0;
  let oldBytes = 0;
  const remember = (object: object, encoded: Buffer): Buffer => {
    if (youngBytes + encoded.length > maxBytes / 2) {
      [old, oldBytes] = [young, youngBytes];
      [young, youngBytes] = [new WeakMap(), 0];
    }
    young.set(object, encoded);
    youngBytes += encoded.length;
    return encoded;
  };
  return {
    encode: (object) =>
      young.get(object) ?? remember(object, old.get(object) ?? Buffer.from(JSON.stringify(object))),
    get bytes() {
      return youngBytes + oldBytes;
    },
  };
}
