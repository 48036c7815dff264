import type { KubeObject } from '@krateyard/kube/meta/object';
import { StatusError } from '@krateyard/status/status-error';
import type { ActionBody } from '../../contract/action-api.ts';
import { at } from '../../contract/columns/read.ts';
import {
  cannotBe,
  requireOneOf,
  type Action,
  type ActionCall,
  type Expectation,
  type Verdict,
} from './action.ts';
import { patchObject } from './patch-object.ts';
import { podTrouble } from './pod-trouble.ts';
import { rolloutProgress, scaleProgress } from './rollout-progress.ts';

/** Longer than the ten minutes after which a Deployment calls itself stuck. */
export const ROLLOUT_MS = 15 * 60_000;
const BRIEF_MS = 2 * 60_000;

const ROLLED_OUT = new Set(['apps/deployments', 'apps/statefulsets', 'apps/daemonsets']);
const PAUSABLE = new Set(['apps/deployments']);

/** What a rollout that this write began must come to. */
export function expectRollout(call: ActionCall, written: KubeObject): Expectation {
  const { deps, who, kind } = call;
  return {
    ...expected(call, written),
    deadlineMs: ROLLOUT_MS,
    judge: (object) => (object ? rolloutProgress(kind.resource, object) : gone(call)),
    detail: (object) => podTrouble(deps, who, object),
  };
}

export function expected(
  { kind, name, namespace }: Pick<ActionCall, 'kind' | 'name' | 'namespace'>,
  written: KubeObject,
): Pick<Expectation, 'kind' | 'name' | 'namespace' | 'since'> {
  return { kind, name, namespace, since: written.metadata.resourceVersion };
}

/** A spec that the watch must show; nothing else has to happen. */
export function expectSpec(
  call: ActionCall,
  written: KubeObject,
  judge: (object: KubeObject) => Verdict,
): Expectation {
  return {
    ...expected(call, written),
    deadlineMs: BRIEF_MS,
    judge: (object) => (object ? judge(object) : gone(call)),
  };
}

export function gone({ kind, name }: Pick<ActionCall, 'kind' | 'name'>): Verdict {
  const message = `${kind.resource} "${name}" was deleted meanwhile`;
  return { seen: false, why: message, hopeless: new StatusError('NotFound', message) };
}

export const seenWhen = (happened: boolean, why: string): Verdict =>
  happened ? { seen: true } : { seen: false, why };

export const scale: Action<ActionBody<'scale'>> = {
  title: (what, { replicas }) => `Scale ${what} to ${replicas}`,
  check: ({ kind }) => {
    if (!kind.subresources.includes('scale')) throw cannotBe(kind, 'scaled');
  },
  ask: async (call, { replicas }) => {
    const written = await patchObject(call, 'merge', { spec: { replicas } }, 'scale');
    const { deps, who, kind } = call;
    return {
      ...expected(call, written),
      deadlineMs: ROLLOUT_MS,
      judge: (object) => (object ? scaleProgress(kind.resource, object, replicas) : gone(call)),
      ...(replicas > 0 && { detail: (object: KubeObject) => podTrouble(deps, who, object) }),
    };
  },
};

export const restart: Action<ActionBody<'restart'>> = {
  title: (what) => `Restart ${what}`,
  check: ({ kind }) => requireOneOf(kind, ROLLED_OUT, 'restarted'),
  ask: async (call) => {
    await requireNotPaused(call);
    const restartedAt = new Date(call.deps.clock.now()).toISOString();
    const annotations = { 'kubectl.kubernetes.io/restartedAt': restartedAt };
    const patch = { spec: { template: { metadata: { annotations } } } };
    return expectRollout(call, await patchObject(call, 'merge', patch));
  },
};

/** A paused Deployment takes the change and does nothing: told instead of waited for. */
export async function requireNotPaused({ client, kind, name, namespace, signal }: ActionCall): Promise<void> {
  if (kind.resource !== 'deployments') return;
  const current = await client.get<KubeObject>(kind, name, namespace, { signal });
  if (at(current, 'spec', 'paused') !== true) return;
  throw new StatusError('Conflict', `${kind.resource} "${name}" is paused; resume its rollout first`);
}

const pauseTo =
  (paused: boolean) =>
  async (call: ActionCall): Promise<Expectation> => {
    const written = await patchObject(call, 'merge', { spec: { paused: paused ? true : null } });
    return expectSpec(call, written, (object) =>
      seenWhen((at(object, 'spec', 'paused') === true) === paused, 'The watch has not shown it yet'),
    );
  };

export const pauseRollout: Action<ActionBody<'pause-rollout'>> = {
  title: (what) => `Pause the rollout of ${what}`,
  check: ({ kind }) => requireOneOf(kind, PAUSABLE, 'paused'),
  ask: pauseTo(true),
};

export const resumeRollout: Action<ActionBody<'resume-rollout'>> = {
  title: (what) => `Resume the rollout of ${what}`,
  check: ({ kind }) => requireOneOf(kind, PAUSABLE, 'resumed'),
  ask: pauseTo(false),
};
