const UNITS = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const number = new Intl.NumberFormat('en', { maximumSignificantDigits: 3, useGrouping: false });

/**
 * A Kubernetes quantity for the eye: `24684084Ki` is `23.5Gi`. Only amounts in powers of 1024 are put into a larger unit;
 * what is small, decimal (`250m`, `4`) or no quantity comes back as it is.
 */
export function formatQuantity(text: string): string {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi|Ti|Pi)$/.exec(text) ?? [];
  if (digits === undefined || unit === undefined) return text;
  let amount = Number(digits);
  let at = UNITS.indexOf(unit);
  while (amount >= 1024 && at < UNITS.length - 1) {
    amount /= 1024;
    at += 1;
  }
  return `${amount >= 1000 ? String(Math.round(amount)) : number.format(amount)}${UNITS[at]}`;
}
