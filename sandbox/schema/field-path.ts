/** A place in an object, as a chain to its root: cheap to grow while walking, turned into text only when told. */
export interface FieldPath {
  readonly parent: FieldPath | undefined;
  readonly text: string;
}

const ROOT: FieldPath | undefined = undefined;

/** `spec` → `spec.replicas`. */
export const child = (parent: FieldPath | undefined, name: string): FieldPath => ({
  parent,
  text: parent ? `.${name}` : name,
});

/** `containers` → `containers[0]`. */
export const element = (parent: FieldPath | undefined, index: number): FieldPath => ({
  parent,
  text: `[${index}]`,
});

/** `limits` → `limits[cpu]`. */
export const mapKey = (parent: FieldPath | undefined, key: string): FieldPath => ({
  parent,
  text: `[${key}]`,
});

export function formatPath(path: FieldPath | undefined): string {
  let text = '';
  for (let at = path; at; at = at.parent) text = at.text + text;
  return text;
}

/** A path from its parts: numbers are indices. */
export function pathOf(...parts: (string | number)[]): FieldPath | undefined {
  let path = ROOT;
  for (const part of parts) path = typeof part === 'number' ? element(path, part) : child(path, part);
  return path;
}
