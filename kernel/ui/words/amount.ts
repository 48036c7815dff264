/** What a number on a plot or bar is. */
export type Unit = 'cores' | 'bytes' | 'count';

const digits = new Intl.NumberFormat('en', { maximumSignificantDigits: 3, useGrouping: false });
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** An amount for the eye, as Kubernetes writes such things: `250m`, `1.25`, `23.5Gi`. */
export function formatAmount(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return '–';
  if (unit === 'bytes') return formatBytes(value);
  if (unit === 'cores' && value !== 0 && Math.abs(value) < 1) return `${Math.round(value * 1000)}m`;
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : digits.format(value);
}

function formatBytes(value: number): string {
  let [amount, at] = [Math.abs(value), 0];
  while (amount >= 1024 && at < BINARY.length - 1) [amount, at] = [amount / 1024, at + 1];
  const sign = value < 0 ? '-' : '';
  return `${sign}${amount >= 1000 ? String(Math.round(amount)) : digits.format(amount)}${BINARY[at]}`;
}

/** The same with its unit: `250m cores`, `1 core`, `23.5Gi`, `512B`. */
export function formatAmountWithUnit(value: number, unit: Unit): string {
  const amount = formatAmount(value, unit);
  if (!Number.isFinite(value)) return amount;
  if (unit === 'cores') return `${amount} ${amount === '1' ? 'core' : 'cores'}`;
  return unit === 'bytes' && Math.abs(value) < 1024 ? `${amount}B` : amount;
}

/** `74 %`, of a share between 0 and 1 and above. */
export function formatShare(share: number): string {
  return Number.isFinite(share) ? percent.format(share) : '–';
}

const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });
