/** Kubernetes' resource quantities (`100m`, `1.5Gi`, `2e3`), exactly: kept as integers of 10⁻⁹, rounded up beyond that. */
export interface Quantity {
  readonly nano: bigint;
  readonly format: 'DecimalSI' | 'BinarySI' | 'DecimalExponent';
}

const NANO = 9;
const GIGA = 10n ** 9n;
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
/** By power of ten. */
const DECIMAL = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]);
const SUFFIX = new Map([...DECIMAL].map(([suffix, power]) => [power, suffix]));
const SYNTAX = /^([+-]?)(\d*)(?:\.(\d*))?(?:(Ki|Mi|Gi|Ti|Pi|Ei)|([numkMGTPE])|[eE]([+-]?\d{1,3}))?$/;

/** undefined where the text is no quantity. */
export function parseQuantity(text: string | number): Quantity | undefined {
  const match = SYNTAX.exec(String(text).trim());
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', binary, decimal, exponent] = match;
  if (whole === '' && fraction === '') return undefined;
  const mantissa = BigInt(whole + fraction);
  const unsigned =
    binary === undefined
      ? scale10(mantissa, NANO - fraction.length + powerOf(decimal, exponent))
      : scale10(mantissa * 1024n ** BigInt(BINARY.indexOf(binary)), NANO - fraction.length);
  const format = binary !== undefined ? 'BinarySI' : exponent !== undefined ? 'DecimalExponent' : 'DecimalSI';
  return { nano: sign === '-' ? -unsigned : unsigned, format };
}

/** The one text that the API server writes for a value: `1000m` is `1`, `0.5` is `500m`, `1024Mi` is `1Gi`. */
export function formatQuantity({ nano, format }: Quantity): string {
  if (nano === 0n) return '0';
  if (format === 'BinarySI' && nano % GIGA === 0n && abs(nano / GIGA) >= 1024n)
    return formatBinary(nano / GIGA);
  const [mantissa, power] = shorten(nano);
  if (format !== 'DecimalExponent') return `${mantissa}${SUFFIX.get(power)}`;
  return power === 0 ? `${mantissa}` : `${mantissa}e${power}`;
}

/** `text` as the API server would write it; unchanged where it is no quantity. */
export function canonicalQuantity(text: string | number): string {
  const quantity = parseQuantity(text);
  return quantity ? formatQuantity(quantity) : String(text);
}

/** The value in whole units as a number, exact enough to compare and add up. NaN where the text is no quantity. */
export function quantityValue(text: string | number): number {
  const quantity = parseQuantity(text);
  return quantity ? Number(quantity.nano) / 1e9 : Number.NaN;
}

function powerOf(decimal: string | undefined, exponent: string | undefined): number {
  return exponent === undefined ? (DECIMAL.get(decimal ?? '') ?? 0) : Number(exponent);
}

function scale10(value: bigint, power: number): bigint {
  if (power >= 0) return value * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  return (value + divisor - 1n) / divisor;
}

function formatBinary(units: bigint): string {
  let [mantissa, index] = [units, 0];
  while (mantissa % 1024n === 0n && index < BINARY.length - 1)
    [mantissa, index] = [mantissa / 1024n, index + 1];
  return `${mantissa}${BINARY[index]}`;
}

/** The shortest mantissa with a power of ten that has a suffix. */
function shorten(nano: bigint): [bigint, number] {
  let [mantissa, power] = [nano, -NANO];
  while (mantissa % 1000n === 0n && power < 18) [mantissa, power] = [mantissa / 1000n, power + 3];
  return [mantissa, power];
}

const abs = (value: bigint): bigint => (value < 0n ? -value : value);
