import type { AccessQuestion, AccessReview } from '@krateyard/auth/access';
import type { Principal } from '@krateyard/auth/principal';
import type { Client } from '@krateyard/kube/client/client';
import type { Clock } from '@krateyard/telemetry/clock';
import { PODS } from './pod-container.ts';

interface Needs {
  readonly access: AccessReview;
  /** The gateway's own: for the API server's version, which everybody may read. */
  readonly client: Client;
  readonly clock: Clock;
}

/** An API server is upgraded seldom. */
const VERSION_AGE_MS = 10 * 60_000;
const VERSION_TIMEOUT_MS = 3_000;
/**
 * An exec over WebSocket is a GET, of which the API server asks `get`; from this version on `create` as well
 * (AuthorizePodWebsocketUpgradeCreatePermission, on by default).
 */
const ASKS_CREATE_FROM = { major: 1, minor: 35 };

/** May they exec into a pod? Asked as the API server will ask. */
export class ExecRight {
  readonly #needs: Needs;
  #asksCreate = false;
  #knownAt: number | undefined;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  /** All of them must be allowed. */
  async questions(namespace: string, pod: string): Promise<readonly AccessQuestion[]> {
    await this.#look();
    const verbs = this.#asksCreate ? (['get', 'create'] as const) : (['get'] as const);
    return verbs.map((verb) => ({ verb, resource: PODS, subresource: 'exec', namespace, name: pod }));
  }

  /** Rejects with the API server's Forbidden. */
  async require(who: Principal, namespace: string, pod: string, signal: AbortSignal): Promise<void> {
    for (const question of await this.questions(namespace, pod))
      await this.#needs.access.require(who, question, signal);
  }

  async has(who: Principal, namespace: string, pod: string, signal: AbortSignal): Promise<boolean> {
    const questions = await this.questions(namespace, pod);
    const answers = await Promise.all(
      questions.map((question) => this.#needs.access.check(who, question, signal)),
    );
    return answers.every(({ allowed }) => allowed);
  }

  /** What it was last counts while the version cannot be read. */
  async #look(): Promise<void> {
    const { client, clock } = this.#needs;
    const now = clock.monotonic();
    if (this.#knownAt !== undefined && now - this.#knownAt < VERSION_AGE_MS) return;
    try {
      const { gitVersion } = await client.request<{ gitVersion?: string }>({
        path: '/version',
        signal: AbortSignal.timeout(VERSION_TIMEOUT_MS),
      });
      this.#asksCreate = asksCreate(gitVersion ?? '');
      this.#knownAt = now;
    } catch {
      // The API server decides at the exec itself.
    }
  }
}

/** `v1.35.2+vendor`. */
export function asksCreate(gitVersion: string): boolean {
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(gitVersion) ?? [];
  if (major === undefined) return false;
  const newer = Number(major) - ASKS_CREATE_FROM.major;
  return newer > 0 || (newer === 0 && Number(minor) >= ASKS_CREATE_FROM.minor);
}
