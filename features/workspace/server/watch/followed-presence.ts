import type { Principal } from '@krateyard/auth/principal';
import type { HubSession } from '@krateyard/hub/hub-session';
import type { FollowPresent, PersonHere, PresentFrame } from '../../contract/watch-protocol.ts';
import { OpenObject, type OpenObjectDeps } from './open-object.ts';

export type FollowedPresenceDeps = OpenObjectDeps;

/** Objects that one page has open at once; more are not followed. */
const MOST = 8;

interface Followed {
  readonly asked: FollowPresent;
  readonly object: OpenObject;
  /** What the client has not been told: its socket takes nothing. */
  missed: readonly PersonHere[] | undefined;
}

/**
 * What one session has open, for others who have it open too. Whoever may not `get` it is told nothing, and nobody of them. While the
 * socket takes nothing only the latest is kept of each.
 */
export class FollowedPresence {
  readonly #deps: FollowedPresenceDeps;
  readonly #session: Pick<HubSession<Principal>, 'congestedSince' | 'principal' | 'send'>;
  readonly #open = new Map<string, Followed>();

  constructor(
    deps: FollowedPresenceDeps,
    session: Pick<HubSession<Principal>, 'congestedSince' | 'principal' | 'send'>,
  ) {
    this.#deps = deps;
    this.#session = session;
  }

  follow(asked: FollowPresent): void {
    const key = JSON.stringify([asked.kind, asked.namespace, asked.name]);
    if (!asked.on) return this.#forget(key, this.#open.get(key));
    if (this.#open.has(key) || this.#open.size >= MOST) return;
    const object = new OpenObject(this.#deps, asked, (people) => this.#told(followed, people));
    const followed: Followed = { asked, object, missed: undefined };
    this.#open.set(key, followed);
    void this.#authorize(key, followed);
  }

  /** The session has signed in anew: other groups may have other rights. */
  async reauthorize(): Promise<void> {
    await Promise.all(Array.from(this.#open, ([key, followed]) => this.#authorize(key, followed)));
  }

  /** Called at every heartbeat: what was missed is not missed for longer. */
  catchUp(): void {
    for (const followed of this.#open.values()) if (followed.missed) this.#told(followed, followed.missed);
  }

  close(): void {
    for (const [key, followed] of this.#open) this.#forget(key, followed);
  }

  async #authorize(key: string, followed: Followed): Promise<void> {
    try {
      await followed.object.authorize(this.#session.principal);
    } catch {
      // A kind that is not there, or a review that fails: there is nobody to tell of, and it may be asked for again.
      this.#forget(key, followed);
    }
  }

  #forget(key: string, followed: Followed | undefined): void {
    followed?.object.close();
    if (this.#open.get(key) === followed) this.#open.delete(key);
  }

  #told(followed: Followed, people: readonly PersonHere[]): void {
    const congested = this.#session.congestedSince !== undefined;
    followed.missed = congested ? people : undefined;
    if (congested) return;
    const { kind, namespace, name } = followed.asked;
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
