import { lazy, type ComponentType, type LazyExoticComponent } from 'react';

/** A network that changes fails all that is on the way, and often twice: long enough apart that it has settled. */
const AGAIN_MS = [200, 1_500];

/** A part of the console that is loaded on first use; a load that fails is tried again before the part counts as failed. */
export function lazyPart<Props>(
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => {
    for (const pauseMs of AGAIN_MS) {
      try {
        return await load();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
    return load();
  });
}
