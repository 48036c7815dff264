/** Most characters of a name that stay at its end: those of a pod within its workload, with the hyphen, are six. */
const END = 10;
/** What parts a name from what else is said of it (`pod · container`). */
const PART = ' · ';

/** Where the end begins: with the name's last part, never amid a character. A short text has no end of its own. */
export function nameEnd(text: string): number {
  if (text.length < END * 2) return text.length;
  const part = text.indexOf(PART);
  const name = part === -1 ? text : text.slice(0, part);
  const hyphen = name.lastIndexOf('-');
  if (hyphen > 0 && name.length - hyphen <= END) return hyphen;
  let at = name.length;
  for (const { segment } of [...new Intl.Segmenter().segment(name.slice(-END * 4))].toReversed()) {
    if (name.length - at + segment.length > END) break;
    at -= segment.length;
  }
  return at;
}
