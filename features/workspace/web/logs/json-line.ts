/** Worth a try: ends as an object or array does, and has where one may begin. */
export function mayBeJson(text: string): boolean {
  const last = text.trimEnd().at(-1);
  return (
    (last === '}' && text.includes('{')) ||
    (last === ']' && /[[{].*["\d}\]]/.test(text) && text.trimStart().startsWith('['))
  );
}

/**
 * The line with its JSON written over several lines, as the writer wrote its values: numbers keep every digit, keys their
 * order. Undefined when there is none. What stands before the JSON stays before it.
 */
export function prettyJson(text: string): string | undefined {
  if (!mayBeJson(text)) return undefined;
  const start = text.trimStart().startsWith('[') ? text.indexOf('[') : text.indexOf('{');
  const body = text.slice(start).trimEnd();
  try {
    JSON.parse(body);
  } catch {
    return undefined;
  }
  const lead = text.slice(0, start).trimEnd();
  return `${lead === '' ? '' : `${lead}\n`}${indented(body)}`;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Of valid JSON. */
function indented(json: string): string {
  let out = '';
  let depth = 0;
  let before = '';
  for (const [token] of json.matchAll(TOKEN)) {
    const closes = token === '}' || token === ']';
    if (closes) depth -= 1;
    const empty = closes && (before === '{' || before === '[');
    const breaks = (closes && !empty) || (!closes && (before === '{' || before === '[' || before === ','));
    if (breaks) out += `\n${'  '.repeat(depth)}`;
    out += token === ':' ? ': ' : token;
    if (token === '{' || token === '[') depth += 1;
    before = token;
  }
  return out;
}
