import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import { loadPart } from './load-part.ts';

/** A part of the console that is loaded on first use. */
export function lazyPart<Props>(
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(() => loadPart(load));
}
