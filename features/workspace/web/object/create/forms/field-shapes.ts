import { isFields, sameValue } from '../../yaml/field-path.ts';

/** A name with its value, as a row of a field shows it. */
export interface Entry {
  readonly key: string;
  readonly value: string;
}

/** What stands in a field: a text (of a flag `yes` or nothing), or rows. */
export type FieldValue = string | readonly Entry[];

/** How a field stands in an object. For what it can show, `write(read(value))` is the same value again. */
export interface FieldShape {
  /** What the field shows of a value; undefined: it is a structure that the field cannot show. */
  readonly read: (value: unknown) => FieldValue | undefined;
  /** What is to stand there; undefined: nothing. What the field does not show of `before` is kept. */
  readonly write: (shown: FieldValue, before: unknown) => unknown;
  /** How many items of a list it does not show, and keeps. */
  readonly unshown?: (value: unknown) => number;
}

/** Of rows nothing. */
export const textOf = (shown: FieldValue): string => (typeof shown === 'string' ? shown : '');
export const entriesOf = (shown: FieldValue): readonly Entry[] => (typeof shown === 'string' ? [] : shown);

const isScalar = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

/** Nothing is an empty text; undefined: it is no scalar. */
const scalarText = (value: unknown): string | undefined =>
  value === null || value === undefined ? '' : isScalar(value) ? String(value) : undefined;

function ofText(write: (text: string, before: unknown) => unknown): FieldShape {
  return {
    read: (value) => (value === undefined ? '' : isScalar(value) ? String(value) : undefined),
    write: (shown, before) => write(textOf(shown), before),
  };
}

/** Empty is absent. */
export const text = ofText((value) => (value === '' ? undefined : value));
/** What the API server wants to have: empty is an empty text, so that its place stays. */
export const given = ofText((value) => value);
/** What is no number stays as it was typed: the dry run says what it thinks of it. */
export const whole = ofText(numberOf);
export const flag: FieldShape = {
  read: (value) => (value === undefined || value === false ? '' : value === true ? 'yes' : undefined),
  write: (shown, before) => (shown === 'yes' ? true : before === false ? false : undefined),
};

export function numberOf(value: string): number | string | undefined {
  if (value === '') return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) && String(number) === value ? number : value;
}

/** `get, list`: a list of words; `''` among them is shown as `empty`. */
export function words(empty = ''): FieldShape {
  return {
    read: (value) => {
      if (value === undefined) return '';
      if (!Array.isArray(value)) return undefined;
      const shown = value.map((item: unknown) => (item === '' ? empty : item));
      const well = shown.every((item) => typeof item === 'string' && /^[^,\s](?:[^,]*[^,\s])?$/.test(item));
      return well ? shown.join(', ') : undefined;
    },
    write: (shown) => {
      const items = wordsOf(textOf(shown));
      return items.length === 0 ? undefined : items.map((item) => (item === empty ? '' : item));
    },
  };
}

export const wordsOf = (shown: string): readonly string[] =>
  shown
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

/** A map of texts. */
export const map: FieldShape = {
  read: (value) => {
    if (value === undefined) return [];
    if (!isFields(value)) return undefined;
    const rows = Object.entries(value).map(([key, item]) => ({ key, value: scalarText(item) }));
    return rows.every((row): row is Entry => row.value !== undefined) ? rows : undefined;
  },
  write: (shown, before) => {
    const rows = entriesOf(shown).filter(({ key }) => key !== '');
    if (rows.length === 0) return undefined;
    const old = isFields(before) ? before : {};
    return Object.fromEntries(
      rows.map(({ key, value }) => {
        return [key, Object.hasOwn(old, key) && scalarText(old[key]) === value ? old[key] : value];
      }),
    );
  },
};

/** A container's environment; variables that are taken from elsewhere are not shown, and stay where they stand. */
export const environment: FieldShape = {
  read: (value) => {
    if (value === undefined) return [];
    if (!Array.isArray(value) || !value.every((item: unknown) => isFields(item))) return undefined;
    return (value as readonly unknown[])
      .filter(isPlain)
      .map(({ name, value: own }) => ({ key: name, value: String(own ?? '') }));
  },
  write: (shown, before) => {
    const rows = entriesOf(shown).filter(({ key }) => key !== '');
    const old: readonly unknown[] = Array.isArray(before) ? before : [];
    let next = 0;
    const kept = old.flatMap((item) => {
      if (!isPlain(item)) return [item];
      const row = rows[next];
      next += 1;
      if (!row) return [];
      const same = item.name === row.key && String(item.value ?? '') === row.value;
      return [same ? item : { name: row.key, value: row.value }];
    });
    const items = [...kept, ...rows.slice(next).map(({ key, value }) => ({ name: key, value }))];
    return items.length === 0 ? undefined : items;
  },
  unshown: (value) =>
    Array.isArray(value) ? (value as readonly unknown[]).filter((item) => !isPlain(item)).length : 0,
};

interface PlainVariable {
  readonly name: string;
  readonly value?: string | number | boolean | null;
}

const isPlain = (item: unknown): item is PlainVariable =>
  isFields(item) &&
  typeof item['name'] === 'string' &&
  Object.keys(item).every((key) => key === 'name' || key === 'value') &&
  (item['value'] === undefined || item['value'] === null || isScalar(item['value']));

/** A value of one form: what `build` makes of a text, and nothing else. `pick` finds the text in it. */
export function made(build: (text: string) => unknown, pick: (value: unknown) => unknown): FieldShape {
  return {
    read: (value) => {
      if (value === undefined) return '';
      const found = pick(value);
      if (!isScalar(found)) return undefined;
      return sameValue(build(String(found)), value) ? String(found) : undefined;
    },
    write: (shown) => (textOf(shown) === '' ? undefined : build(textOf(shown))),
  };
}

/** What is so unless somebody says no. */
export const unlessNo: FieldShape = {
  read: (value) => (value === undefined || value === true ? 'yes' : value === false ? '' : undefined),
  write: (shown, before) => (shown === '' ? false : before === true ? true : undefined),
};

/** Labels that pods must have; nothing selects all. Expressions cannot be shown. */
export const selector: FieldShape = {
  read: (value) => {
    if (value === undefined) return [];
    const well = isFields(value) && Object.keys(value).every((key) => key === 'matchLabels');
    return well ? map.read(value['matchLabels'] ?? undefined) : undefined;
  },
  write: (shown, before) => {
    const matchLabels = map.write(shown, isFields(before) ? before['matchLabels'] : undefined);
    return matchLabels === undefined ? {} : { matchLabels };
  },
};

/** The pods of one selector as those from whom is let in; without any: everybody. */
export const peers: FieldShape = {
  read: (value) => {
    if (value === undefined) return [];
    const [peer, ...more] = Array.isArray(value) ? (value as unknown[]) : [];
    const well = more.length === 0 && isFields(peer) && Object.keys(peer).join(',') === 'podSelector';
    const labels = well ? selector.read(peer['podSelector']) : undefined;
    return labels === undefined || labels.length === 0 ? undefined : labels;
  },
  write: (shown) => {
    const podSelector = selector.write(shown, undefined);
    return sameValue(podSelector, {}) ? undefined : [{ podSelector }];
  },
};

/** One field of the only item of a list; without it there is no list. */
export function ofOnlyItem(key: string): FieldShape {
  const only = (value: unknown): Readonly<Record<string, unknown>> | undefined => {
    const [item, ...more] = Array.isArray(value) ? (value as unknown[]) : [];
    return isFields(item) && more.length === 0 ? item : undefined;
  };
  return {
    read: (value) => {
      if (value === undefined) return '';
      const found = only(value)?.[key];
      return isScalar(found) && found !== '' ? String(found) : undefined;
    },
    write: (shown, before) =>
      textOf(shown) === '' ? undefined : [{ ...only(before), [key]: textOf(shown) }],
  };
}

const RBAC = 'rbac.authorization.k8s.io';

/** Of what kind the subject of a binding is: with it goes its API group. */
export const subjectKind: FieldShape = {
  read: (value) => {
    const kind = isFields(value) ? value['kind'] : undefined;
    return value === undefined ? '' : typeof kind === 'string' ? kind : undefined;
  },
  write: (shown, before) => {
    const { apiGroup: _group, ...rest } = isFields(before) ? before : {};
    return { ...rest, kind: textOf(shown), ...(shown !== 'ServiceAccount' && { apiGroup: RBAC }) };
  },
};

/** Values of a Secret as the API server keeps them; what is no text cannot be shown. */
export const encoded: FieldShape = {
  read: (value) => {
    const rows = map.read(value);
    if (rows === undefined) return undefined;
    const texts = entriesOf(rows).map(({ key, value: bytes }) => ({ key, value: decoded(bytes) }));
    return texts.every((row): row is Entry => row.value !== undefined) ? texts : undefined;
  },
  write: (shown, before) => {
    const old = isFields(before) ? before : {};
    const rows = entriesOf(shown).map(({ key, value }) => {
      const was = Object.hasOwn(old, key) ? old[key] : undefined;
      const same = typeof was === 'string' && decoded(was) === value;
      return { key, value: same ? was : encode(value) };
    });
    return map.write(rows, undefined);
  },
};

function decoded(base64: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.codePointAt(0) ?? 0);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const encode = (value: string): string =>
  btoa(Array.from(new TextEncoder().encode(value), (byte) => String.fromCodePoint(byte)).join(''));
