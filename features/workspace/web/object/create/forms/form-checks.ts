import { parseQuantity } from '@krateyard/kube/meta/quantity';
import { entriesOf, textOf, wordsOf, type FieldValue } from './field-shapes.ts';
import { formStrings as strings } from './form-strings.ts';

/** What is wrong with a value, in words. */
export type Check = (value: FieldValue) => string | undefined;

const LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9](?:[-.a-z0-9]{0,251}[a-z0-9])?$/;
const QUALIFIED = /^(?:[a-z0-9](?:[-.a-z0-9]*[a-z0-9])?\/)?[A-Za-z0-9](?:[-._A-Za-z0-9]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-._A-Za-z0-9]{0,61}[A-Za-z0-9])?)?$/;

const matches =
  (pattern: RegExp, problem: string): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value) ? undefined : problem;

const whole =
  (min: number, max: number): Check =>
  (value) => {
    const number = Number(value);
    const well = typeof value === 'string' && /^\d+$/.test(value) && number >= min && number <= max;
    return well ? undefined : strings.badNumber(min, max);
  };

/** RFC 1123, as the API server checks names of most kinds. */
export const isName = matches(SUBDOMAIN, strings.badName);
/** Of what also becomes a host name: Services, namespaces. */
export const isLabelName = matches(LABEL, strings.badName);
export const isGiven: Check = (value) => (isBlank(value) ? strings.missing : undefined);
export const isPort = whole(1, 65_535);
export const isCount = whole(0, 100_000);
export const isPercent = whole(1, 1000);
export const isAmount: Check = (value) =>
  value === '' || (typeof value === 'string' && parseQuantity(value) !== undefined)
    ? undefined
    : strings.badAmount;
export const isSize: Check = (value) => isGiven(value) ?? isAmount(value);
export const isSchedule: Check = (value) => {
  const parts = textOf(value).trim();
  return /^@\w+$/.test(parts) || parts.split(/\s+/).length === 5 ? undefined : strings.badSchedule;
};
/** A port by its number or name. */
export const isPortOrName: Check = (value) =>
  /^\d+$/.test(textOf(value)) ? isPort(value) : isLabelName(value);
/** A number, or a part of all: `25%`. */
export const isCountOrPercent = matches(/^(?:\d+%?)?$/, strings.badCountOrPercent);

/** Either may be left empty. */
export const orEmpty =
  (check: Check): Check =>
  (value) =>
    value.length === 0 ? undefined : check(value);

/** Of a container's environment. */
export const areVariables = rows((key) => (/^[^=\s]+$/.test(key) ? undefined : strings.badVariable(key)));
/** Keys of ConfigMaps and Secrets. */
export const areKeys = rows((key) => (/^[-._a-zA-Z0-9]{1,253}$/.test(key) ? undefined : strings.badKey(key)));
export const areLabels = rows((key, value) =>
  QUALIFIED.test(key) && LABEL_VALUE.test(value) ? undefined : strings.badLabel(key, value),
);
/** Amounts by the name of what is counted. */
const areAmounts = rows((key, value) =>
  parseQuantity(value) === undefined ? strings.badAmountOf(key) : undefined,
);
export const areSomeLabels: Check = (value) => isGiven(value) ?? areLabels(value);
export const areSomeAmounts: Check = (value) => isGiven(value) ?? areAmounts(value);
export const areWords: Check = (value) => (wordsOf(textOf(value)).length === 0 ? strings.missing : undefined);

/** Rows without a name are none yet; a name stands once. */
function rows(check: (key: string, value: string) => string | undefined): Check {
  return (shown) => {
    const seen = new Set<string>();
    for (const { key, value } of entriesOf(shown)) {
      if (key === '' && value === '') continue;
      const problem = key === '' ? strings.noKey : seen.has(key) ? strings.twice(key) : check(key, value);
      if (problem !== undefined) return problem;
      seen.add(key);
    }
    return undefined;
  };
}

const isBlank = (value: FieldValue): boolean =>
  typeof value === 'string' ? value.trim() === '' : value.every(({ key }) => key === '');
