/**
 * A field's type, packed: a number is that of a type, counted from one (negative where the struct is always there, in Go
 * a value and no pointer), a letter a scalar
 * (`s` string, `y` bytes in base64, `t` time, `i` int32, `l` int64, `n` number, `b` boolean, `q` quantity, `x` int or
 * string, `o` an object of any shape, `*` any JSON), an object what needs more words.
 */
export type PackedNode =
  | number
  | string
  | {
      /** The type, where the rest only adds to it. */
      t?: number | string;
      /** A list's elements. */
      a?: PackedNode;
      /** A map's values. */
      v?: PackedNode;
      /** List type, list map keys, map type. */
      l?: string;
      k?: string[];
      m?: string;
      /** Strategic merge patch: strategy, merge key. */
      p?: string;
      g?: string;
      /** Enum, default. */
      e?: string[];
      d?: unknown;
    };

export interface PackedType {
  /** As in the API server's OpenAPI documents: `io.k8s.api.core.v1.Pod`. */
  n: string;
  /** Group, version, kind of the API objects that have this type. */
  k?: [string, string, string][];
  /** Fields and the names of the required ones. */
  f?: Record<string, PackedNode>;
  r?: string[];
  m?: string;
  /** What the type is where it has no fields. */
  s?: PackedNode;
}

export interface PackedFacts {
  types: PackedType[];
}
