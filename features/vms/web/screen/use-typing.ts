import { useEffect, useRef, useState } from 'react';
import { browserClock } from '@krateyard/ui/live/browser-clock';
import type { Picture } from './picture.ts';
import { typeSlowly, type Typing } from './type-text.ts';

export interface UsedTyping {
  /** Characters still to be typed; 0: nothing is. */
  readonly left: number;
  readonly type: (strokes: Typing['strokes']) => void;
  readonly stop: () => void;
}

/** Types for the person, as long as they may; a second text waits for nothing: it takes the place of the first. */
export function useTyping(picture: Picture | undefined, may: boolean): UsedTyping {
  const [left, setLeft] = useState(0);
  const cancel = useRef(() => {});
  const stop = (): void => {
    cancel.current();
    setLeft(0);
  };
  useEffect(() => {
    if (!may) stop();
  }, [may]);
  useEffect(() => () => cancel.current(), []);
  const type = (strokes: Typing['strokes']): void => {
    cancel.current();
    let count = strokes.length;
    setLeft(count);
    const press = (one: Parameters<Picture['press']>[0]): void => {
      picture?.press(one);
      count -= 1;
      // Told now and then: a person reads no more.
      if (count % 25 === 0) setLeft(count);
    };
    cancel.current = typeSlowly(strokes, press, browserClock, () => setLeft(0));
  };
  return { left, type, stop };
}
