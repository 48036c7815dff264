import type { HubSession } from '@krateyard/hub/hub-session';
import type { HubTopic } from '@krateyard/hub/hub-topic';

/** The topics that one session follows, each once however many of its subscriptions share it. */
export class FollowedTopics {
  readonly #session: HubSession<unknown>;
  readonly #counts = new Map<HubTopic, number>();

  constructor(session: HubSession<unknown>) {
    this.#session = session;
  }

  /** Tells the topic from its snapshot, or from where `resume` stands; true when from there. */
  join(topic: HubTopic, resume?: string): boolean {
    this.#counts.set(topic, (this.#counts.get(topic) ?? 0) + 1);
    return this.#session.follow(topic, resume);
  }

  leave(topic: HubTopic): void {
    const left = (this.#counts.get(topic) ?? 0) - 1;
    if (left > 0) {
      this.#counts.set(topic, left);
      return;
    }
    this.#counts.delete(topic);
    this.#session.unfollow(topic);
  }
}
