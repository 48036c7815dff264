import type { LogOutlet, ShownLine, SourceName } from './log-outlet.ts';

/** Stands for an outlet that is not there yet: takes nothing until it becomes another. */
export class LaterOutlet implements LogOutlet {
  readonly wantsSeverity: boolean;
  #outlet: LogOutlet | undefined;

  constructor(wantsSeverity: boolean) {
    this.wantsSeverity = wantsSeverity;
  }

  become(outlet: LogOutlet): void {
    this.#outlet = outlet;
  }

  lines(source: SourceName, lines: readonly ShownLine[]): void {
    this.#outlet?.lines(source, lines);
  }

  frame(frame: Parameters<LogOutlet['frame']>[0]): void {
    this.#outlet?.frame(frame);
  }

  hasRoom(): boolean {
    return this.#outlet?.hasRoom() ?? false;
  }

  flush(): void {
    this.#outlet?.flush();
  }
}
