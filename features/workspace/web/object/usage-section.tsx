import { Suspense, type ReactElement } from 'react';
import { lazyPart } from '@krateyard/ui/page/lazy-part';
import type { LiveHead } from '@krateyard/ui/live/live-source';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { quantityValue } from '@krateyard/kube/meta/quantity';
import { usageKindOf } from '../metrics/usage-kind.ts';
import { textAt } from '../../contract/columns/read.ts';
import { podAmount } from './facts/node-facts.ts';

const UsagePlot = lazyPart(async () => ({
  default: (await import('@krateyard/ui/usage/usage-plot.tsx')).UsagePlot,
}));

const PLOTTED = new Set(['pods', 'nodes', 'deployments', 'statefulsets', 'daemonsets', 'namespaces']);

/** What it uses now and lately, beside what it asked for; nothing for kinds that use nothing. */
export function UsageSection(props: {
  readonly object: LiveObject;
  readonly kind: LiveHead['kind'];
}): ReactElement | null {
  const { object, kind } = props;
  if (!PLOTTED.has(kind.resource) || (kind.group !== '' && kind.group !== 'apps')) return null;
  const { name = '', namespace } = object.metadata;
  const levels = levelsOf(object, kind.resource);
  return (
    <Suspense fallback={null}>
      <UsagePlot
        kind={usageKindOf(kind.path)}
        objectKey={namespace === undefined ? name : `${namespace}/${name}`}
        {...(levels && { levels })}
      />
    </Suspense>
  );
}

type Levels = { readonly cpu: Level[]; readonly memory: Level[] };
interface Level {
  readonly label: string;
  readonly value: number;
}

function levelsOf(object: LiveObject, resource: string): Levels | undefined {
  const levels: Levels = { cpu: [], memory: [] };
  for (const name of ['cpu', 'memory'] as const) {
    if (resource === 'nodes') {
      const allocatable = textAt(object, 'status', 'allocatable', name);
      if (allocatable !== null)
        levels[name].push({ label: 'allocatable', value: quantityValue(allocatable) });
    } else if (resource === 'pods') {
      for (const part of ['requests', 'limits'] as const) {
        const { nano } = podAmount(object, part, name);
        if (nano > 0n) levels[name].push({ label: part, value: Number(nano) / 1e9 });
      }
    }
  }
  return levels.cpu.length + levels.memory.length > 0 ? levels : undefined;
}
