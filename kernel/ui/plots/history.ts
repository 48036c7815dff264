import { SessionHistory } from './session-history.ts';

/** The page's own history of plots. */
export const history = new SessionHistory({ storage: storageOf(), now: () => Date.now() });

if (typeof addEventListener === 'function') addEventListener('pagehide', () => history.save());

function storageOf(): Storage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}
