import { KeyMatcher, type KeyBinding } from './key-chord.ts';
import { Store } from '../live/store.ts';

/** Every key that works now, in the order of registration; the list of keys (`?`) shows it. */
export const keyBindings = new Store<readonly KeyBinding[]>([]);

/** Adds bindings until the disposer is called. */
export function registerKeys(bindings: readonly KeyBinding[]): () => void {
  keyBindings.set([...keyBindings.get(), ...bindings]);
  return () => {
    keyBindings.set(keyBindings.get().filter((binding) => !bindings.includes(binding)));
  };
}

/** Starts listening; the disposer stops. */
export function listenToKeys(target: Document): () => void {
  const matcher = new KeyMatcher();
  const onKey = (event: KeyboardEvent): void => {
    // A modal dialog has its own keys (Esc closes it), and what lies behind it must not move.
    if (event.defaultPrevented || event.isComposing || target.querySelector('dialog[open]')) return;
    const found = matcher.match(event, keyBindings.get(), Date.now(), isTyping(event.target));
    if (found === undefined) return;
    if (found !== 'pending' && CONTROL_KEYS.has(found.keys) && isControl(event.target)) return;
    event.preventDefault();
    if (found !== 'pending') found.run();
  };
  target.addEventListener('keydown', onKey);
  return () => target.removeEventListener('keydown', onKey);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}

/** These on a focused button or link are that control's own. */
const CONTROL_KEYS = new Set(['Enter', 'Space']);

function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a[href], summary') !== null;
}
