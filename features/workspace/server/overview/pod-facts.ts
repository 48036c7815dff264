import { quantityValue } from '@krateyard/kube/meta/quantity';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { at, fieldsAt, listAt, textAt } from '../../contract/columns/read.ts';
import type { PodFacts, Share } from './finding.ts';

/** What the pod asks for and may use, as the scheduler counts it, and where. */
export function podFacts(pod: KubeObject): PodFacts {
  const phase = textAt(pod, 'status', 'phase') ?? 'Unknown';
  const over = phase === 'Succeeded' || phase === 'Failed';
  return {
    phase,
    node: textAt(pod, 'spec', 'nodeName') ?? undefined,
    ...(over ? { requests: undefined, limits: undefined } : sharesOf(pod)),
  };
}

type Shares = Pick<PodFacts, 'requests' | 'limits'>;

/** By spec: versions of a pod share it, and most changes are of the status. */
const known = new WeakMap<object, Shares>();

function sharesOf(pod: KubeObject): Shares {
  const spec = at(pod, 'spec');
  const shares = typeof spec === 'object' && spec !== null ? known.get(spec) : undefined;
  if (shares) return shares;
  const made = { requests: effective(pod, 'requests'), limits: effective(pod, 'limits') };
  if (typeof spec === 'object' && spec !== null) known.set(spec, made);
  return made;
}

/**
 * Containers run together; init containers one after another before them, but those that restart always stay. So: the most of
 * (containers + staying ones) and of each init container beside those that stay before it; and the overhead of the runtime.
 */
function effective(pod: KubeObject, field: 'requests' | 'limits'): Share {
  let staying: Share = NONE;
  let most: Share = NONE;
  for (const container of listAt(pod, 'spec', 'initContainers')) {
    const own = shareOf(fieldsAt(container, 'resources', field));
    const beside = plus(staying, own);
    most = { cpu: Math.max(most.cpu, beside.cpu), memory: Math.max(most.memory, beside.memory) };
    if (at(container, 'restartPolicy') === 'Always') staying = beside;
  }
  let running = staying;
  for (const container of listAt(pod, 'spec', 'containers')) {
    running = plus(running, shareOf(fieldsAt(container, 'resources', field)));
  }
  const needed = { cpu: Math.max(most.cpu, running.cpu), memory: Math.max(most.memory, running.memory) };
  const unlimited = field === 'limits' && needed.cpu === 0 && needed.memory === 0;
  return unlimited ? NONE : plus(needed, shareOf(fieldsAt(pod, 'spec', 'overhead')));
}

export const NONE: Share = { cpu: 0, memory: 0 };

const plus = (a: Share, b: Share): Share => ({ cpu: a.cpu + b.cpu, memory: a.memory + b.memory });

export function shareOf(resources: Readonly<Record<string, unknown>>): Share {
  return { cpu: Math.ceil(amount(resources['cpu']) * 1000), memory: Math.ceil(amount(resources['memory'])) };
}

/** 0 for what is no quantity. */
export function amount(text: unknown): number {
  if (typeof text !== 'string' && typeof text !== 'number') return 0;
  const value = quantityValue(text);
  return Number.isFinite(value) ? value : 0;
}
