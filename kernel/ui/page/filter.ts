/** What the person typed into the filter box, taken apart. SPEC.md UI20–UI24. */
export interface Filter {
  /** Words that must all stand in the row, case aside. */
  readonly text: string;
  /** A Kubernetes label selector, '' for none: `app=web,tier!=db`. */
  readonly labels: string;
  /** Status words, any of which must match; lower case. */
  readonly status: readonly string[];
  /** Names of nodes, any of which must match. */
  readonly nodes: readonly string[];
}

/**
 * Reads `web label=app=shop status:running,failed node:n1`. Terms are parted by white space; `"…"` keeps a text with
 * spaces together. Never fails: what is no term is text.
 */
export function parseFilter(input: string): Filter {
  const text: string[] = [];
  const labels: string[] = [];
  const status: string[] = [];
  const nodes: string[] = [];
  for (const term of termsOf(input)) {
    const [, name, rest] = /^(labels?=|l=|status:|node:)(.+)$/is.exec(term) ?? [];
    if (name === undefined || rest === undefined) text.push(unquote(term));
    else if (name.endsWith('=')) labels.push(unquote(rest));
    else if (name.toLowerCase() === 'status:') status.push(...list(rest).map((word) => word.toLowerCase()));
    else nodes.push(...list(rest));
  }
  return { text: text.filter(Boolean).join(' '), labels: labels.join(','), status, nodes };
}

/** White space parts terms except inside quotes or parentheses (`label=env in (a, b)` needs quotes, `label=env in(a, b)` does not). */
function termsOf(input: string): string[] {
  return input.match(/(?:"[^"]*"|\([^)]*\)|[^\s"(]|["(])+/g) ?? [];
}

const unquote = (term: string): string => term.replaceAll('"', '');

const list = (text: string): string[] =>
  unquote(text)
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
