import { USAGE_PERIOD_MS, type UsageSample } from '../../contract/usage-api.ts';

/** A meter that measures once a minute still counts between two measurements. */
const CARRIED_PERIODS = 4;

/**
 * The sum of several series, on a grid of periods: in each one in which any of them was measured, the last known value of each,
 * for at most a minute. Pods are not measured in the same instant; adding only equal times would show holes that are none.
 */
export function sumHistories(histories: readonly (readonly UsageSample[])[]): UsageSample[] {
  const periods = new Set<number>();
  const byPeriod = histories.map((samples) => {
    const known = new Map<number, UsageSample>();
    for (const sample of samples) known.set(Math.floor(sample[0] / USAGE_PERIOD_MS), sample);
    for (const period of known.keys()) periods.add(period);
    return known;
  });
  return [...periods]
    .toSorted((a, b) => a - b)
    .map((period) => {
      let [cpu, memory] = [0, 0];
      for (const known of byPeriod) {
        const sample = lastKnown(known, period);
        cpu += sample?.[1] ?? 0;
        memory += sample?.[2] ?? 0;
      }
      return [period * USAGE_PERIOD_MS, Number(cpu.toPrecision(6)), memory];
    });
}

function lastKnown(known: ReadonlyMap<number, UsageSample>, period: number): UsageSample | undefined {
  for (let back = 0; back <= CARRIED_PERIODS; back += 1) {
    const sample = known.get(period - back);
    if (sample) return sample;
  }
  return undefined;
}
