/** Where values of Secrets stand in a text: offsets. Read by its lines, as half of a word is typed most of the time. */
export function secretValues(text: string): readonly { readonly from: number; readonly to: number }[] {
  if (!hasSecret(text)) return [];
  const found: { from: number; to: number }[] = [];
  let at = 0;
  for (const document of text.split(/^(?=---)/m)) {
    if (IN_LINES.test(document) && !/^\{/m.test(document)) addValues(document, at, found);
    else if (hasSecret(document)) addRest(document, at, found);
    at += document.length;
  }
  return found;
}

/** JSON, and lists of Secrets: all that comes after the name of the first values. */
function addRest(document: string, offset: number, found: { from: number; to: number }[]): void {
  const [before] = /^.*?(?<![-.\w])["']?(?:data|stringData)["']?\s*:\s*/s.exec(document) ?? [];
  const to = document.trimEnd().length;
  if (before !== undefined && before.length < to)
    found.push({ from: offset + before.length, to: offset + to });
}

/** Of one document in lines. */
function addValues(document: string, offset: number, found: { from: number; to: number }[]): void {
  let start = offset;
  // How far in the names stand below `data`; undefined: not in there, or no name seen yet.
  let [inside, indent]: [boolean, number | undefined] = [false, undefined];
  for (const line of document.split('\n')) {
    const lead = line.length - line.trimStart().length;
    let value = line.length;
    if (lead === 0 && line !== '' && !line.startsWith('#')) {
      inside = /^["']?(?:data|stringData)["']?\s*:/.test(line);
      indent = undefined;
      if (inside) value = afterColon(line);
    } else if (inside && line.trim() !== '') {
      indent ??= lead;
      value = lead <= indent && NAME.test(line) ? afterColon(line) : lead;
    }
    if (value < line.length) found.push({ from: start + value, to: start + line.length });
    start += line.length + 1;
  }
}

/** What is indented more than names goes on from the line before, whatever it looks like. */
const NAME = /^\s*["']?[-._\w]+["']?\s*:(?:\s|$)/;

/** Also where a Secret is one of a list, or only spoken of: what is hidden too much can be shown. */
export const hasSecret = (text: string): boolean =>
  /(?<![-.\w])["']?kind["']?\s*:\s*(?:!!str\s+)?["']?Secret(?![-.\w])/.test(text);

const IN_LINES = /^["']?kind["']?\s*:\s*["']?Secret(?![-.\w])/m;

function afterColon(line: string): number {
  const colon = line.indexOf(':') + 1;
  const rest = line.slice(colon);
  // What opens a block of lines is no value.
  return /^\s*(?:[|>][-+\d]*\s*)?$/.test(rest) ? line.length : colon + rest.length - rest.trimStart().length;
}
