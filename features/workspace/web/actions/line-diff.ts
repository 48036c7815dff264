export interface DiffLine {
  readonly op: ' ' | '-' | '+';
  readonly text: string;
}

/** Lines of either side; with more, all old ones go and all new ones come: it is no longer read by eye anyway. */
const MOST_LINES = 3_000;

/** The shortest way from one text to the other, line by line (Myers' longest common subsequence, by table). */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const start = commonStart(old, now);
  const end = commonEnd(old.slice(start), now.slice(start));
  const [oldMiddle, newMiddle] = [old.slice(start, old.length - end), now.slice(start, now.length - end)];
  return [
    ...old.slice(0, start).map(same),
    ...middle(oldMiddle, newMiddle),
    ...old.slice(old.length - end).map(same),
  ];
}

/** What changed, with `around` lines of what did not; gaps are told by null. */
export function diffHunks(lines: readonly DiffLine[], around = 3): readonly (DiffLine | null)[] {
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - around), at + around + 1).some(({ op }) => op !== ' '),
  );
  const shown: (DiffLine | null)[] = [];
  for (const [at, line] of lines.entries()) {
    if (near[at]) shown.push(line);
    else if (shown.at(-1) !== null) shown.push(null);
  }
  return shown;
}

const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
const same = (text: string): DiffLine => ({ op: ' ', text });

function commonStart(old: readonly string[], now: readonly string[]): number {
  let at = 0;
  while (at < old.length && at < now.length && old[at] === now[at]) at += 1;
  return at;
}

function commonEnd(old: readonly string[], now: readonly string[]): number {
  let at = 0;
  while (at < old.length && at < now.length && old.at(-1 - at) === now.at(-1 - at)) at += 1;
  return at;
}

function middle(old: readonly string[], now: readonly string[]): readonly DiffLine[] {
  if (old.length > MOST_LINES || now.length > MOST_LINES || old.length === 0 || now.length === 0) {
    return [
      ...old.map((text): DiffLine => ({ op: '-', text })),
      ...now.map((text): DiffLine => ({ op: '+', text })),
    ];
  }
  const width = now.length + 1;
  const common = commonLengths(old, now);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      lines.push(same(old[i++]!));
      j += 1;
    } else if (
      j === now.length ||
      (i < old.length && common[(i + 1) * width + j]! >= common[i * width + j + 1]!)
    ) {
      lines.push({ op: '-', text: old[i++]! });
    } else lines.push({ op: '+', text: now[j++]! });
  }
  return lines;
}

/** How many lines the rests from (i, j) on have in common. */
function commonLengths(old: readonly string[], now: readonly string[]): Uint16Array {
  const width = now.length + 1;
  const common = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      common[i * width + j] =
        old[i] === now[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
    }
  }
  return common;
}
