import type { AccessReview } from '@krateyard/auth/access';
import type { Principal } from '@krateyard/auth/principal';
import type { HubSession } from '@krateyard/hub/hub-session';
import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';
import type { FollowPresent, PersonHere, PresentFrame } from '../../contract/watch-protocol.ts';
import type { PresenceBoard } from '../presence/presence-board.ts';
import { checkedNamespace } from '../resources/object-actions.ts';
import type { KindDirectory } from '../resources/kind-directory.ts';

export interface FollowedPresenceDeps {
  readonly access: AccessReview;
  readonly directory: KindDirectory;
  readonly presence: PresenceBoard;
  readonly now: () => number;
}

/** Objects that one page has open at once; more are not followed. */
const MOST = 8;

/** What one session has open, for others who have it open too. Whoever may not `get` it is told nothing, and nobody of them. */
export class FollowedPresence {
  readonly #deps: FollowedPresenceDeps;
  readonly #session: HubSession<Principal>;
  readonly #open = new Map<string, AbortController>();

  constructor(deps: FollowedPresenceDeps, session: HubSession<Principal>) {
    this.#deps = deps;
    this.#session = session;
  }

  follow(asked: FollowPresent): void {
    const key = JSON.stringify([asked.kind, asked.namespace, asked.name]);
    if (!asked.on) {
      this.#open.get(key)?.abort();
      this.#open.delete(key);
      return;
    }
    if (this.#open.has(key) || this.#open.size >= MOST) return;
    const over = new AbortController();
    this.#open.set(key, over);
    // A kind that is not there, or a review that fails: there is nobody to tell of.
    this.#enter(asked, over.signal).catch(() => {});
  }

  close(): void {
    for (const over of this.#open.values()) over.abort();
    this.#open.clear();
  }

  async #enter(asked: FollowPresent, signal: AbortSignal): Promise<void> {
    const { access, directory, presence, now } = this.#deps;
    const { principal } = this.#session;
    const kind = await directory.resolve(asked.kind, signal);
    const namespace = checkedNamespace(kind, asked.namespace);
    const question = { verb: 'get', resource: kind, namespace, name: asked.name } as const;
    const right = await access.liveAnswer(principal, question, signal);
    let leave: (() => void) | undefined;
    const settle = (): void => {
      const may = right.current().allowed && !signal.aborted;
      if (may === (leave !== undefined)) return;
      if (may) {
        const tell = (people: readonly PersonHere[]): void => this.#tell(asked, people);
        leave = presence.enter(placeOf(kind, namespace, asked.name), {
          username: principal.username,
          since: now(),
          tell,
        });
      } else {
        leave?.();
        leave = undefined;
        if (!signal.aborted) this.#tell(asked, []);
      }
    };
    const end = (): void => {
      settle();
      right[Symbol.dispose]();
    };
    right.onChange(settle);
    settle();
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  }

  #tell({ kind, namespace, name }: FollowPresent, people: readonly PersonHere[]): void {
    const frame: PresentFrame = {
      type: 'present',
      kind,
      ...(namespace !== undefined && { namespace }),
      name,
      people: [...people],
    };
    this.#session.send(JSON.stringify(frame));
  }
}

/** The same object by whichever path or version. */
function placeOf({ group, resource }: ResourceKind, namespace: string | undefined, name: string): string {
  return `${group}/${resource} ${namespace ?? ''}/${name}`;
}
