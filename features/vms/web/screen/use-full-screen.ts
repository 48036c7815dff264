import { useEffect, useState, type RefObject } from 'react';
import { useKeys } from '@krateyard/ui/keys/use-keys';
import { toast } from '@krateyard/ui/parts/toasts';
import { screenStrings as strings } from './screen-strings.ts';

/** Chromium's: in full screen, keys like Alt-Tab and Esc go to the page too; Esc held for a while leaves. */
interface LockableKeyboard {
  lock?(): Promise<void>;
  unlock?(): void;
}

const keyboard = (): LockableKeyboard | undefined =>
  (navigator as Navigator & { readonly keyboard?: LockableKeyboard }).keyboard;

/** The whole of the browser's screen for one element; by `f` where `byKey`. */
export function useFullScreen(
  root: RefObject<HTMLElement | null>,
  byKey: boolean,
): { readonly full: boolean; readonly toggle: () => void } {
  const [full, setFull] = useState(false);
  useEffect(() => {
    const onChange = (): void => {
      const now = document.fullscreenElement !== null && document.fullscreenElement === root.current;
      setFull(now);
      if (now)
        void keyboard()
          ?.lock?.()
          .catch(() => {});
      else keyboard()?.unlock?.();
    };
    document.addEventListener('fullscreenchange', onChange);
    return () => document.removeEventListener('fullscreenchange', onChange);
  }, [root]);
  const toggle = (): void => {
    // What is rendered is a moment late.
    const isFull = document.fullscreenElement === root.current;
    const done = isFull ? document.exitFullscreen() : root.current?.requestFullscreen();
    done?.catch(() => toast('warn', strings.fullFailed));
  };
  useKeys([{ keys: 'f', label: strings.full, group: strings.keyGroup, run: toggle }], byKey);
  return { full, toggle };
}
