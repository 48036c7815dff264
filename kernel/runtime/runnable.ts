/** Something that lives as long as the process: a cache, a controller, a listener. */
export interface Runnable {
  readonly name: string;
  /** Runs until the signal aborts; resolves only when everything it started has stopped. */
  start(signal: AbortSignal): Promise<void>;
}
