import type { RawLine } from '@krateyard/kube/stream/log-lines';
import type { LogOutlet, SourceName, ToldFrame } from './log-outlet.ts';

/** Stands for an outlet that is not there yet: takes nothing until it becomes another. */
export class LaterOutlet implements LogOutlet {
  readonly tellsFrames: boolean;
  #outlet: LogOutlet | undefined;

  constructor(tellsFrames: boolean) {
    this.tellsFrames = tellsFrames;
  }

  become(outlet: LogOutlet): void {
    this.#outlet = outlet;
  }

  lines(source: SourceName, lines: readonly RawLine[]): void {
    this.#outlet?.lines(source, lines);
  }

  frame(frame: ToldFrame): void {
    this.#outlet?.frame(frame);
  }

  hasRoom(): boolean {
    return this.#outlet?.hasRoom() ?? false;
  }

  flush(): void {
    this.#outlet?.flush();
  }

  flushNow(): void {
    this.#outlet?.flushNow();
  }
}
