import type { LineBlock } from '@krateyard/kube/stream/line-block';
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

  lines(source: SourceName, block: LineBlock): void {
    this.#outlet?.lines(source, block);
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
