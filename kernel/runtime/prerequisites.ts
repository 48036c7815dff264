import type { Client } from '@krateyard/kube/client/client';
import { formatGroupVersion, type GroupVersionResource } from '@krateyard/kube/meta/group-version';
import { isNotFound, isStatusError } from '@krateyard/status/status-error';
import { pause, type Clock } from '@krateyard/telemetry/clock';
import type { Feature, Prerequisite } from './feature.ts';
import type { Runnable } from './runnable.ts';

/** What a dark room lacks, in words for the person who sees it. */
export interface Missing {
  readonly resource: GroupVersionResource;
  readonly purpose: string;
  readonly problem: string;
}

/** `unknown`: not probed yet, as the cluster has not been reached since the start. */
export interface RoomState {
  readonly name: string;
  readonly state: 'lit' | 'dark' | 'unknown';
  readonly missing: readonly Missing[];
}

const PERIOD_MS = 15_000;
const RETRY_MS = 2_000;

interface RulesReviewBody {
  readonly status?: {
    /** The API server cannot enumerate all rights. */
    readonly incomplete?: boolean;
    readonly resourceRules?: readonly {
      readonly verbs?: readonly string[];
      readonly resourceNames?: readonly string[];
    }[];
  };
}

interface ResourceListBody {
  readonly resources?: readonly { readonly name?: string }[];
}

/** Asks discovery and access review whether the gateway can run each room, again and again: rooms light up and go dark at run time. */
export class Prerequisites implements Runnable {
  readonly name = 'prerequisites';
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #states = new Map<string, RoomState>();
  readonly #features: readonly Pick<Feature, 'name' | 'requires'>[];
  readonly #namespaces: readonly string[];

  constructor(options: {
    client: Client;
    clock: Clock;
    features: readonly Pick<Feature, 'name' | 'requires'>[];
    /** Where a right on any resource is looked for; rights at the cluster scope show in each. */
    namespaces?: readonly string[];
  }) {
    this.#client = options.client;
    this.#clock = options.clock;
    this.#features = options.features;
    this.#namespaces = options.namespaces ?? ['default'];
    for (const { name, requires } of options.features) {
      this.#states.set(name, { name, state: requires.length === 0 ? 'lit' : 'unknown', missing: [] });
    }
  }

  rooms(): readonly RoomState[] {
    return [...this.#states.values()];
  }

  room(name: string): RoomState | undefined {
    return this.#states.get(name);
  }

  async start(signal: AbortSignal): Promise<void> {
    const demanding = this.#features.filter(({ requires }) => requires.length > 0);
    while (!signal.aborted) {
      const told = await this.#probeAll(demanding, signal);
      const period = told ? PERIOD_MS : RETRY_MS;
      await pause(this.#clock, period * (1 - this.#clock.random() / 10), signal);
    }
  }

  /** False when the cluster could not tell about one of them; that one stays what it was. */
  async #probeAll(
    features: readonly Pick<Feature, 'name' | 'requires'>[],
    signal: AbortSignal,
  ): Promise<boolean> {
    let told = true;
    for (const { name, requires } of features) {
      try {
        const missing = await this.#missingOf(requires, signal);
        this.#states.set(name, { name, state: missing.length === 0 ? 'lit' : 'dark', missing });
      } catch {
        told = false;
      }
    }
    return told;
  }

  async #missingOf(requires: readonly Prerequisite[], signal: AbortSignal): Promise<Missing[]> {
    const problems = await Promise.all(requires.map((one) => this.#problemOf(one, signal)));
    return requires.flatMap(({ resource, purpose }, index) => {
      const problem = problems[index];
      return problem === undefined ? [] : [{ resource, purpose, problem }];
    });
  }

  async #problemOf({ resource, verbs }: Prerequisite, signal: AbortSignal): Promise<string | undefined> {
    if (resource.resource === '*') return this.#anything(verbs, signal);
    if (!(await this.#served(resource, signal))) {
      return `${resource.resource} of ${formatGroupVersion(resource)} is not served by the cluster`;
    }
    const answers = await Promise.all(verbs.map((verb) => this.#allowed(resource, verb, signal)));
    const denied = verbs.filter((_, index) => !answers[index]);
    if (denied.length === 0) return undefined;
    return `the gateway may not ${denied.join(', ')} ${resource.resource}`;
  }

  /** Only a right on nothing at all is missing: what a room may show is a question for each kind. */
  async #anything(verbs: readonly string[], signal: AbortSignal): Promise<string | undefined> {
    for (const namespace of this.#namespaces) {
      const { status } = await this.#client.request<RulesReviewBody>({
        method: 'POST',
        path: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
        body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } },
        signal,
      });
      const rules = status?.resourceRules?.filter(({ resourceNames = [] }) => resourceNames.length === 0);
      const granted = new Set(rules?.flatMap((rule) => rule.verbs ?? []));
      const enough = granted.has('*') || verbs.every((verb) => granted.has(verb));
      if (enough || status?.incomplete) return undefined;
    }
    const where = this.#namespaces.map((name) => `"${name}"`).join(', ');
    return `the gateway may not ${verbs.join(' and ')} anything, neither in the cluster nor in the namespaces it knows: ${where}`;
  }

  async #served({ group, version, resource }: GroupVersionResource, signal: AbortSignal): Promise<boolean> {
    const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    try {
      const { resources } = await this.#client.request<ResourceListBody>({ path, signal });
      return resources?.some(({ name }) => name === resource) ?? false;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  async #allowed(resource: GroupVersionResource, verb: string, signal: AbortSignal): Promise<boolean> {
    const { status } = await this.#client.request<{ status?: { allowed?: boolean } }>({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { ...resource, verb } },
      },
      signal,
    });
    return status?.allowed === true;
  }
}

/** Why the cluster did not answer, safe to show. */
export function reasonToShow(error: unknown): string {
  return isStatusError(error) ? error.message : 'The cluster cannot be reached.';
}
