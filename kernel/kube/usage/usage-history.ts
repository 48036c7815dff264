import type { UsageSample } from '../meta/usage-sample.ts';

/** Samples of one object, the oldest overwritten. Twelve bytes a sample: 10,000 pods with 60 samples each take 10 MB or so. */
export class UsageHistory {
  readonly #times: Float64Array;
  readonly #cpu: Float32Array;
  readonly #memory: Float32Array;
  #next = 0;
  #size = 0;

  constructor(capacity: number) {
    this.#times = new Float64Array(capacity);
    this.#cpu = new Float32Array(capacity);
    this.#memory = new Float32Array(capacity);
  }

  /** `at`: milliseconds since the epoch; a sample that is no newer than the last one says nothing new and is left out. */
  push(at: number, cpuCores: number, memoryBytes: number): void {
    if (this.#size > 0 && at <= this.#times[this.#last()]!) return;
    this.#times[this.#next] = at;
    this.#cpu[this.#next] = cpuCores;
    this.#memory[this.#next] = memoryBytes;
    this.#next = (this.#next + 1) % this.#times.length;
    this.#size = Math.min(this.#size + 1, this.#times.length);
  }

  get latest(): UsageSample | undefined {
    return this.#size === 0 ? undefined : this.#at(this.#last());
  }

  samples(): UsageSample[] {
    const start = (this.#next - this.#size + this.#times.length) % this.#times.length;
    return Array.from({ length: this.#size }, (_, index) => this.#at((start + index) % this.#times.length));
  }

  #at(index: number): UsageSample {
    // Six digits are more than a meter has.
    return [this.#times[index]!, Number(this.#cpu[index]!.toPrecision(6)), Math.round(this.#memory[index]!)];
  }

  #last(): number {
    return (this.#next - 1 + this.#times.length) % this.#times.length;
  }
}
