import { formatAmountWithUnit, type Unit } from '../words/amount.ts';

/** When (milliseconds since the epoch) and how much. */
export type Sample = readonly [at: number, value: number];

/** A silence longer than this many periods is a gap: one sample may be late without a hole in the line. */
const GAP_PERIODS = 2.5;

/** The runs of samples without a gap between them; samples that are no numbers are gaps too. In order of time. */
export function runsOf(samples: readonly Sample[], periodMs: number): readonly (readonly Sample[])[] {
  const runs: Sample[][] = [];
  let last: Sample | undefined;
  for (const sample of samples) {
    if (!Number.isFinite(sample[1])) {
      last = undefined;
      continue;
    }
    if (last && sample[0] - last[0] <= GAP_PERIODS * periodMs) runs.at(-1)!.push(sample);
    else runs.push([sample]);
    last = sample;
  }
  return runs;
}

/**
 * Two series of samples as one, by time: of equal times the later one's value counts. At most `most`, the oldest go. Both must be in
 * order.
 */
export function mergeSamples<S extends readonly [number, ...unknown[]]>(
  known: readonly S[],
  news: readonly S[],
  most: number,
): readonly S[] {
  const first = news[0];
  if (!first) return known;
  const last = known.at(-1);
  if (!last || last[0] < first[0]) return [...known, ...news].slice(-most);
  const byTime = new Map(known.map((sample) => [sample[0], sample]));
  for (const sample of news) byTime.set(sample[0], sample);
  return [...byTime.values()].toSorted((a, b) => a[0] - b[0]).slice(-most);
}

/** What a screen reader says in place of the picture. */
export function summarize(label: string, samples: readonly Sample[], periodMs: number, unit: Unit): string {
  const values = samples.map(([, value]) => value).filter((value) => Number.isFinite(value));
  if (values.length === 0) return `${label}: nothing has been measured.`;
  const words = (value: number): string => formatAmountWithUnit(value, unit);
  const gaps = runsOf(samples, periodMs).length - 1;
  const minutes = Math.max(1, Math.round((samples.at(-1)![0] - samples[0]![0]) / 60_000));
  return `${label}: ${words(values.at(-1)!)} now, between ${words(Math.min(...values))} and ${words(
    Math.max(...values),
  )} in the last ${minutes} min${gaps > 0 ? `, with ${gaps} ${gaps === 1 ? 'gap' : 'gaps'}` : ''}.`;
}
