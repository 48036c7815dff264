/** When (milliseconds since the epoch), CPU in cores, memory in bytes. */
export type UsageSample = [at: number, cpuCores: number, memoryBytes: number];

/** How often the cluster is asked for usage; a longer silence between two samples is a gap. */
export const USAGE_PERIOD_MS = 15_000;
