/** How long a change may wait when no frames are drawn (hidden tab, busy machine). */
const HIDDEN_MS = 250;

/** Runs once at the next animation frame, or a little later where no frames come: what is known stays true in a hidden tab. */
export function onFrame(run: () => void): void {
  let done = false;
  const once = (): void => {
    if (done) return;
    done = true;
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    run();
  };
  const frame = requestAnimationFrame(once);
  const timer = setTimeout(once, HIDDEN_MS);
}
