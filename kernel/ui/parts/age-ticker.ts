import { formatAge } from '../words/age.ts';

const shown = new Map<HTMLElement, number>();
let timer: ReturnType<typeof setInterval> | undefined;

/**
 * Keeps the text of `element` at the age of `sinceMs`, until the disposer is called. One timer for all ages on screen, which
 * writes only texts that changed: no component renders for the passing of time.
 */
export function tickAge(element: HTMLElement, sinceMs: number): () => void {
  shown.set(element, sinceMs);
  write(element, sinceMs, Date.now());
  timer ??= setInterval(tick, 1000);
  return () => {
    shown.delete(element);
    if (shown.size > 0 || timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  if (document.visibilityState === 'hidden') return;
  const now = Date.now();
  for (const [element, since] of shown) write(element, since, now);
}

function write(element: HTMLElement, since: number, now: number): void {
  const text = formatAge(now - since);
  if (element.textContent !== text) element.textContent = text;
}
