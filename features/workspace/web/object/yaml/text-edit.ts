/** One change of a text: what stands between two offsets gives way to another text. */
export interface TextEdit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** The text after edits that are in its order and do not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let [done, at] = ['', 0];
  for (const { from, to, insert } of edits) {
    done += text.slice(at, from) + insert;
    at = to;
  }
  return done + text.slice(at);
}
