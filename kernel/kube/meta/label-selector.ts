/** One term of a label selector; a selector matches where all its terms do. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  readonly values: readonly string[];
}

/** The structured form that stands in objects (`spec.selector` of workloads). */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] }[];
}

/** Thrown for text that is no selector; `message` says where it stops making sense. */
export class SelectorSyntaxError extends Error {
  override readonly name = 'SelectorSyntaxError';
}

const KEY = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
/** Terms, with commas inside parentheses kept together. */
const TERM = /[^,(]+(\([^)]*\))?[^,(]*/y;

/**
 * Reads the text form (`app=web,tier!=db,env in (a,b),!legacy,gen>2`) with the grammar of apimachinery's `labels.Parse`.
 * An empty text selects everything.
 */
export function parseLabelSelector(text: string): readonly LabelRequirement[] {
  if (text.trim() === '') return [];
  return splitTerms(text).map((term) => parseTerm(term.trim()));
}

export function matchesLabels(
  requirements: readonly LabelRequirement[],
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  return requirements.every((requirement) => matchesRequirement(requirement, labels));
}

/** The terms of a structured selector. An absent selector selects nothing, an empty one everything: `undefined` is the former. */
export function requirementsOf(selector: LabelSelector | undefined): readonly LabelRequirement[] | undefined {
  if (!selector) return undefined;
  const equal = Object.entries(selector.matchLabels ?? {}).map(([key, value]): LabelRequirement => ({
    key,
    operator: 'In',
    values: [value],
  }));
  const expressions = (selector.matchExpressions ?? []).map((term): LabelRequirement => ({
    key: term.key,
    operator: term.operator as LabelRequirement['operator'],
    values: term.values ?? [],
  }));
  return [...equal, ...expressions];
}

/** The canonical text of a selector: what the API server is asked and what caches are keyed by. */
export function formatLabelSelector(requirements: readonly LabelRequirement[]): string {
  return requirements.map(formatRequirement).join(',');
}

function formatRequirement({ key, operator, values }: LabelRequirement): string {
  switch (operator) {
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    case 'Gt':
      return `${key}>${values[0]}`;
    case 'Lt':
      return `${key}<${values[0]}`;
    case 'In':
      return values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.toSorted().join(',')})`;
    case 'NotIn':
      return values.length === 1 ? `${key}!=${values[0]}` : `${key} notin (${values.toSorted().join(',')})`;
  }
}

function matchesRequirement(
  { key, operator, values }: LabelRequirement,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  const value = labels && Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Gt':
      return value !== undefined && integer(value) > integer(values[0]);
    case 'Lt':
      return value !== undefined && integer(value) < integer(values[0]);
  }
}

function integer(text: string | undefined): number {
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
}

function splitTerms(text: string): string[] {
  const terms: string[] = [];
  TERM.lastIndex = 0;
  let end = 0;
  while (end <= text.length) {
    TERM.lastIndex = end;
    const match = TERM.exec(text);
    if (!match || match[0].trim() === '') throw new SelectorSyntaxError(`a term is missing at offset ${end}`);
    terms.push(match[0]);
    end += match[0].length;
    if (end === text.length) return terms;
    if (text[end] !== ',') throw new SelectorSyntaxError(`unexpected "${text[end]}" at offset ${end}`);
    end += 1;
  }
  throw new SelectorSyntaxError(`a term is missing at its end`);
}

function parseTerm(term: string): LabelRequirement {
  const set = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(term);
  if (set)
    return checked(
      set[1]!,
      set[2] === 'in' ? 'In' : 'NotIn',
      set[3]!.split(',').map((value) => value.trim()),
    );
  if (term.startsWith('!')) return checked(term.slice(1).trim(), 'DoesNotExist', []);
  const compare = /^([^=!<>\s]+)\s*(==|!=|=|>|<)\s*([^=!<>\s]*)$/.exec(term);
  if (!compare) return checked(term, 'Exists', []);
  const [, key, sign, value] = compare as unknown as [string, string, string, string];
  if (sign === '>' || sign === '<') {
    if (Number.isNaN(integer(value)))
      throw new SelectorSyntaxError(`"${value}" in "${term}" must be an integer`);
    return checked(key, sign === '>' ? 'Gt' : 'Lt', [value]);
  }
  return checked(key, sign === '!=' ? 'NotIn' : 'In', [value]);
}

function checked(key: string, operator: LabelRequirement['operator'], values: string[]): LabelRequirement {
  if (!KEY.test(key)) throw new SelectorSyntaxError(`"${key}" is not a valid label key`);
  const bad = values.find((value) => !VALUE.test(value));
  if (bad !== undefined) throw new SelectorSyntaxError(`"${bad}" is not a valid label value`);
  return { key, operator, values };
}
