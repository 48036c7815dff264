/** A part that fails again so soon after a reload does not fail because of the network. */
const RELOADED_MS = 60_000;
const KEY = 'krateyard.reloaded';
const ASK_MS = 1_000;
const ANSWER_MS = 5_000;
const MOST_ASKED = 30;

/**
 * Loads a module on first use. Browsers remember that one could not be fetched, so that asking again fails without asking: a network
 * that changes at this moment, or a gateway of another version, would cost the part until the page is loaded anew. That is done
 * here, once the gateway answers: the address and the tray bring everything back.
 */
export async function loadPart<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await load();
  } catch (error) {
    if (!wasNotFetched(error) || !mayReload() || !(await answers())) throw error;
    location.reload();
    return new Promise<never>(() => {});
  }
}

/**
 * Browsers have no name for it: TypeErrors for what did not come or is no script, SyntaxErrors for what has not the names that were
 * looked for in it, and the bundler's own Error for a part's styles. A part that came and failed would fail again.
 */
function wasNotFetched(error: unknown): boolean {
  return (
    error instanceof TypeError ||
    error instanceof SyntaxError ||
    (error instanceof Error && error.message.startsWith('Unable to preload'))
  );
}

/** Says yes once a minute. */
function mayReload(): boolean {
  try {
    if (Date.now() - Number(sessionStorage.getItem(KEY) ?? 0) < RELOADED_MS) return false;
    sessionStorage.setItem(KEY, String(Date.now()));
    return true;
  } catch {
    // What cannot be remembered might go on forever.
    return false;
  }
}

/** Waits for the gateway, for half a minute where it refuses. */
async function answers(): Promise<boolean> {
  for (let asked = 0; asked < MOST_ASKED; asked += 1) {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const answer = await fetch('/api/session', { cache: 'no-store', signal }).catch(() => undefined);
    if (answer) return true;
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
  }
  return false;
}
