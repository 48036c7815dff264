const SUFFIX: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The number that a Kubernetes quantity (`500m`, `1Gi`, `2e3`) stands for; 0 for what is none. */
export function quantity(text: string | number | undefined): number {
  if (typeof text === 'number') return text;
  if (text === undefined) return 0;
  const match = /^([+-]?\d*\.?\d+)(?:([eE][+-]?\d+)|([numkMGTPE]i?|Ki))?$/.exec(text);
  if (!match) return 0;
  const [, digits, exponent, suffix] = match;
  return exponent === undefined
    ? Number(digits) * (SUFFIX[suffix ?? ''] ?? 0)
    : Number(`${digits}${exponent}`);
}

export function millicores(text: string | number | undefined): number {
  return Math.ceil(quantity(text) * 1000);
}
