import { useEffect, useRef } from 'react';
import type { KeyBinding } from './key-chord.ts';
import { registerKeys } from './keys.ts';

/** The keys of a component while it is mounted. What they do may change at every render; which they are, only with `active`. */
export function useKeys(bindings: readonly KeyBinding[], active = true): void {
  const latest = useRef(bindings);
  useEffect(() => {
    latest.current = bindings;
  });
  const signature = bindings.map((binding) => binding.keys).join('|');
  useEffect(() => {
    if (!active) return undefined;
    return registerKeys(
      latest.current.map((binding) =>
        Object.assign({}, binding, {
          run: () => latest.current.find((now) => now.keys === binding.keys)?.run(),
        }),
      ),
    );
  }, [active, signature]);
}
