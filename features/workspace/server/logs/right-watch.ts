import type { AccessReview } from '@krateyard/auth/access';
import type { Principal } from '@krateyard/auth/principal';
import type { StatusError } from '@krateyard/status/status-error';
import { isForbidden } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { LogRequest } from './log-request.ts';
import { requireRight } from './log-subject.ts';

/** Answers are remembered until RBAC changes, so that a look costs nothing; a lost right shows well within a second. */
const LOOK_MS = 250;

interface Watched {
  readonly who: () => Principal;
  readonly request: LogRequest;
  readonly onLost: (status: StatusError) => void;
  looking: boolean;
}

/** Looks again and again whether those who read logs still may. One timer for all, none when nobody reads. */
export class RightWatch {
  readonly #deps: { readonly access: AccessReview; readonly clock: Clock };
  readonly #watched = new Set<Watched>();
  #cancel: (() => void) | undefined;

  constructor(deps: { readonly access: AccessReview; readonly clock: Clock }) {
    this.#deps = deps;
  }

  get size(): number {
    return this.#watched.size;
  }

  /** `onLost` is called once, with the API server's Forbidden. The disposer ends it. */
  add(who: () => Principal, request: LogRequest, onLost: (status: StatusError) => void): () => void {
    const watched: Watched = { who, request, onLost, looking: false };
    this.#watched.add(watched);
    this.#cancel ??= this.#deps.clock.every(LOOK_MS, () => this.#look());
    return () => this.#remove(watched);
  }

  #remove(watched: Watched): void {
    this.#watched.delete(watched);
    if (this.#watched.size > 0) return;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #look(): void {
    for (const watched of this.#watched) if (!watched.looking) void this.#ask(watched);
  }

  async #ask(watched: Watched): Promise<void> {
    watched.looking = true;
    try {
      await requireRight(this.#deps.access, watched.who(), watched.request);
    } catch (error) {
      // While it cannot be told, what was true stays.
      if (!isForbidden(error) || !this.#watched.has(watched)) return;
      this.#remove(watched);
      watched.onLost(error as StatusError);
    } finally {
      watched.looking = false;
    }
  }
}
