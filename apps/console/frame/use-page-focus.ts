import { useEffect, useRef } from 'react';

/** What a page begins with, for who goes there by key and for who hears it. */
const BEGINNINGS = 'h1, [role="grid"]';
/** A page that has no beginning by then has what stands in its place: the focus is on the whole of it. */
const SETTLE_MS = 5_000;

/**
 * Puts the focus on the heading or the table of a page that one goes to, unless the page has put it elsewhere or the person has.
 * What is shown does not move. The first page is the browser's.
 */
export function usePageFocus(path: string): void {
  const last = useRef(path);
  useEffect(() => {
    const from = last.current;
    last.current = path;
    if (from === path || from === '/') return undefined;
    return settleFocus();
  }, [path]);
}

function settleFocus(): () => void {
  const page = document.getElementById('page');
  if (!page) return () => {};
  const rail = document.querySelector('.rail');
  if (isNowhere() || rail?.contains(document.activeElement)) focusOn(page);
  const move = (): void => {
    if (isNowhere()) focusOn(page);
    if (document.activeElement !== page) return;
    const beginning = page.querySelector<HTMLElement>(BEGINNINGS);
    if (!beginning) return;
    stop();
    // A heading takes the focus, and is none of the stops of the Tab key.
    if (beginning.tabIndex < 0) beginning.tabIndex = -1;
    focusOn(beginning);
  };
  const seen = new MutationObserver(move);
  const over = setTimeout(() => stop(), SETTLE_MS);
  // What was open over the page gives the focus back after this, perhaps to what is gone.
  const frame = requestAnimationFrame(move);
  const stop = (): void => {
    seen.disconnect();
    clearTimeout(over);
    cancelAnimationFrame(frame);
  };
  seen.observe(page, { childList: true, subtree: true });
  move();
  return stop;
}

const isNowhere = (): boolean => document.activeElement === null || document.activeElement === document.body;

const focusOn = (element: HTMLElement): void => element.focus({ preventScroll: true });
