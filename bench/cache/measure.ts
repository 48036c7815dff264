/** What one program says about its sync. */
export interface SyncResult {
  readonly objects: number;
  readonly retainedMB: number;
  /** What the program believes that it retains. */
  readonly estimatedMB?: number;
  readonly seconds: number;
  readonly maxBlockMs?: number;
}

/** Heap and buffers after two collections; needs --expose-gc. */
export function retainedBytes(): number {
  const { gc } = globalThis as { gc?: () => void };
  gc?.();
  gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

export function report(result: SyncResult): void {
  console.log(JSON.stringify(result));
}
