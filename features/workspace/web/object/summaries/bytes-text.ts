const UNITS = ['B', 'KiB', 'MiB', 'GiB'];

/** `812 B`, `1.4 KiB`. */
export function bytesText(bytes: number): string {
  let amount = bytes;
  let at = 0;
  while (amount >= 1024 && at < UNITS.length - 1) {
    amount /= 1024;
    at += 1;
  }
  return `${amount >= 100 || at === 0 ? Math.round(amount) : amount.toFixed(1)} ${UNITS[at]}`;
}
