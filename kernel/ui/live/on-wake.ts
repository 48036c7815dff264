const BEAT_MS = 5_000;
/** A timer this late was not late: the computer slept. */
const SLEPT_MS = 15_000;

/** Calls when the tab, the network or the computer comes back; the disposer ends it. */
export function onWake(wake: () => void): () => void {
  const onVisible = (): void => {
    if (document.visibilityState === 'visible') wake();
  };
  let beat = Date.now();
  const timer = setInterval(() => {
    if (Date.now() - beat > SLEPT_MS) wake();
    beat = Date.now();
  }, BEAT_MS);
  document.addEventListener('visibilitychange', onVisible);
  window.addEventListener('online', wake);
  window.addEventListener('pageshow', wake);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', onVisible);
    window.removeEventListener('online', wake);
    window.removeEventListener('pageshow', wake);
  };
}
