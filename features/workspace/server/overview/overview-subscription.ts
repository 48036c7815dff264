import type { AccessReview } from '@krateyard/auth/access';
import type { Principal } from '@krateyard/auth/principal';
import type { HubTopic } from '@krateyard/hub/hub-topic';
import { StatusError } from '@krateyard/status/status-error';
import type { FollowOverview, OverviewFrame } from '../../contract/watch-protocol.ts';
import type { FollowedTopics } from '../watch/followed-topics.ts';
import { OverviewRights } from './overview-rights.ts';
import type { OverviewRegistry } from './overview-registry.ts';
import { overviewKind } from './overview-kinds.ts';
import { scopesId } from './overview-scopes.ts';

export interface OverviewSubscriptionDeps {
  readonly access: AccessReview;
  readonly overviews: OverviewRegistry;
  readonly topics: FollowedTopics;
  readonly who: () => Principal;
  readonly send: (frame: OverviewFrame) => void;
  readonly onRefused: (error: unknown) => void;
}

/** One `overview` of one session: from who asks to the stream of what they may see; another stream when their rights change. */
export class OverviewSubscription {
  readonly id: string;
  readonly #asked: FollowOverview;
  readonly #deps: OverviewSubscriptionDeps;
  readonly #over = new AbortController();
  #rights: OverviewRights | undefined;
  #topic: HubTopic | undefined;
  #shown = '';
  #stream = '';

  constructor(asked: FollowOverview, deps: OverviewSubscriptionDeps) {
    this.id = asked.id;
    this.#asked = asked;
    this.#deps = deps;
  }

  get stream(): string {
    return this.#stream;
  }

  /** Resolves when the first frame was sent; rejects with the API server's Forbidden when nothing of it may be seen. */
  async open(): Promise<void> {
    const rights = await this.#openRights();
    this.#rights = rights;
    if (rights.nothing) await this.#refuse();
    this.#show(this.#asked.resume);
  }

  async reauthorize(): Promise<void> {
    const before = this.#rights;
    if (!before) return;
    this.#rights = await this.#openRights();
    before[Symbol.dispose]();
    this.#changed();
  }

  close(): void {
    this.#over.abort(new StatusError('Gone', 'the subscription was ended'));
    this.#rights?.[Symbol.dispose]();
    this.#rights = undefined;
    this.#leave();
  }

  async #openRights(): Promise<OverviewRights> {
    const { access, who } = this.#deps;
    const rights: OverviewRights = new OverviewRights(access, who(), this.#asked.namespaces ?? [], () => {
      if (this.#rights === rights) this.#changed();
    });
    try {
      await rights.open(this.#over.signal);
      this.#over.signal.throwIfAborted();
      return rights;
    } catch (error) {
      rights[Symbol.dispose]();
      throw error;
    }
  }

  #changed(): void {
    if (!this.#rights || this.#over.signal.aborted) return;
    if (!this.#rights.nothing) return this.#show();
    this.#leave();
    void this.#refuse().catch((error: unknown) => {
      if (!this.#over.signal.aborted) this.#deps.onRefused(error);
    });
  }

  /** Throws the API server's words about the right without which there is no overview. */
  async #refuse(): Promise<never> {
    const { access, who } = this.#deps;
    const [namespace] = this.#asked.namespaces ?? [];
    const resource = overviewKind('pods').gvr;
    for (const verb of ['list', 'watch'] as const) {
      await access.require(
        who(),
        { verb, resource, ...(namespace !== undefined && { namespace }) },
        this.#over.signal,
      );
    }
    throw new StatusError('Conflict', 'Your rights have just changed; try again.');
  }

  #leave(): void {
    if (this.#topic) this.#deps.topics.leave(this.#topic);
    this.#topic = undefined;
    this.#shown = '';
  }

  #show(resume?: string): void {
    const scopes = this.#rights!.scopes();
    const id = scopesId(scopes);
    if (id === this.#shown) return;
    const topic = this.#deps.overviews.open(scopes);
    const left = this.#topic;
    this.#topic = topic;
    this.#shown = id;
    this.#stream = topic.id;
    const resumed = this.#deps.topics.join(topic, resume);
    if (left) this.#deps.topics.leave(left);
    this.#deps.send({ type: 'overview', id: this.id, stream: topic.id, resumed });
  }
}
