import type { AccessReview, LiveAnswer } from '@krateyard/auth/access';
import type { Principal } from '@krateyard/auth/principal';
import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';
import type { FollowPresent, PersonHere } from '../../contract/watch-protocol.ts';
import type { PresenceBoard } from '../presence/presence-board.ts';
import { checkedNamespace } from '../resources/object-actions.ts';
import type { KindDirectory } from '../resources/kind-directory.ts';

export interface OpenObjectDeps {
  readonly access: Pick<AccessReview, 'liveAnswer'>;
  readonly directory: Pick<KindDirectory, 'resolve'>;
  readonly presence: PresenceBoard;
  readonly now: () => number;
}

/** One object that a page has open: its person is on the board for as long as they may `get` it. */
export class OpenObject {
  readonly #deps: OpenObjectDeps;
  readonly #asked: FollowPresent;
  readonly #tell: (others: readonly PersonHere[]) => void;
  readonly #over = new AbortController();
  #right: LiveAnswer | undefined;
  /** Of asking: an answer that a later one has overtaken does not count. */
  #turn = 0;
  #leave: (() => void) | undefined;

  /** `tell`: who else is there, now and after each change; nobody, when the right is lost. */
  constructor(deps: OpenObjectDeps, asked: FollowPresent, tell: (others: readonly PersonHere[]) => void) {
    this.#deps = deps;
    this.#asked = asked;
    this.#tell = tell;
  }

  /**
   * Asks whether the person may; again when they have signed in anew. Rejects with StatusError when there is no such kind, or it
   * cannot be told: nobody is told of then.
   */
  async authorize(who: Principal): Promise<void> {
    const { access, directory } = this.#deps;
    const { signal } = this.#over;
    const { name } = this.#asked;
    const turn = (this.#turn += 1);
    try {
      const kind = await directory.resolve(this.#asked.kind, signal);
      const namespace = checkedNamespace(kind, this.#asked.namespace);
      const question = { verb: 'get', resource: kind, namespace, name } as const;
      const right = await access.liveAnswer(who, question, signal);
      if (signal.aborted || turn !== this.#turn) return right[Symbol.dispose]();
      this.#right?.[Symbol.dispose]();
      this.#right = right;
      const settle = (): void => this.#settle(right.current().allowed, who, placeOf(kind, namespace, name));
      right.onChange(settle);
      settle();
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#lose();
      throw error;
    }
  }

  close(): void {
    this.#over.abort();
    this.#right?.[Symbol.dispose]();
    this.#leave?.();
    this.#leave = undefined;
  }

  #settle(may: boolean, { username }: Principal, place: string): void {
    if (!may) return this.#lose();
    const { now, presence } = this.#deps;
    this.#leave ??= presence.enter(place, { username, since: now(), tell: this.#tell });
  }

  #lose(): void {
    if (!this.#leave || this.#over.signal.aborted) return;
    this.#leave();
    this.#leave = undefined;
    this.#tell([]);
  }
}

/** The same object by whichever path or version. */
function placeOf({ group, resource }: ResourceKind, namespace: string | undefined, name: string): string {
  return `${group}/${resource} ${namespace ?? ''}/${name}`;
}
