import { Store } from '../live/store.ts';

/** Ctrl on the row of keys: pressed once, it holds for the next key, whichever keyboard that comes from. */
export class StickyControl {
  readonly held = new Store(false);

  toggle(): void {
    this.held.set(!this.held.get());
  }

  /** Whether it was held; it is let go. */
  take(): boolean {
    const was = this.held.get();
    this.held.set(false);
    return was;
  }
}
