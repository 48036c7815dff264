import type { PodFacts } from './finding.ts';

/** What the pods of one place ask for, kept by adding and taking away. All whole numbers. */
export class CapacitySums {
  requestedCpu = 0;
  requestedMemory = 0;
  limitCpu = 0;
  limitMemory = 0;
  pods = 0;
  problems = 0;

  /** `sign`: 1 when the pod comes, -1 when it goes. */
  add({ requests, limits }: PodFacts, sign: 1 | -1): void {
    if (!requests || !limits) return;
    this.requestedCpu += sign * requests.cpu;
    this.requestedMemory += sign * requests.memory;
    this.limitCpu += sign * limits.cpu;
    this.limitMemory += sign * limits.memory;
    this.pods += sign;
  }

  get empty(): boolean {
    return this.pods === 0 && this.problems === 0;
  }
}
