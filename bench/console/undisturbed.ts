/** How Playwright says that the page has gone to an address meanwhile. */
const GONE = /Execution context was destroyed|navigating to|frame was detached/i;
const MOST_TRIES = 4;

/**
 * Measures again, at most four times in all, when the page was loaded anew under the measurement. The console does that by itself
 * when a part of it could not be fetched because the machine's network changed at that moment, as it does where containers come
 * and go beside the benchmark; what such a run measures is not what was to be measured.
 */
export async function undisturbed<T>(measure: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await measure();
    } catch (error) {
      if (tried >= MOST_TRIES || !GONE.test(String(error))) throw error;
      console.error('(the page was loaded anew: measured again)');
    }
  }
}
