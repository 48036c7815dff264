import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { at, listAt, numberAt, textAt } from '../../../contract/columns/read.ts';
import { conditionOf, whyOf } from './conditions.ts';
import type { Verdict } from './verdict.ts';

export interface MetricFacts {
  readonly name: string;
  readonly now: string;
  readonly goal: string;
}

/** What an autoscaler looks at: where each metric is and where it should be. */
export function metricsOf(scaler: LiveObject): readonly MetricFacts[] {
  const current = listAt(scaler, 'status', 'currentMetrics');
  return listAt(scaler, 'spec', 'metrics').map((metric, index) => {
    const type = textAt(metric, 'type') ?? '';
    const part = type.charAt(0).toLowerCase() + type.slice(1);
    const spec = at(metric, part);
    const name = textAt(spec, 'name') ?? textAt(spec, 'metric', 'name') ?? type;
    const told = current.find((one) => {
      const same = at(one, part);
      return (textAt(same, 'name') ?? textAt(same, 'metric', 'name')) === name;
    });
    return {
      name: `${type} ${name}`,
      now: amountText(at(told ?? current[index], part, 'current')),
      goal: amountText(at(spec, 'target')),
    };
  });
}

function amountText(amount: unknown): string {
  const share = textAt(amount, 'averageUtilization');
  if (share !== null) return `${share}%`;
  return textAt(amount, 'averageValue') ?? textAt(amount, 'value') ?? '?';
}

export function autoscalerVerdict(scaler: LiveObject): Verdict {
  const able = conditionOf(scaler, 'AbleToScale');
  const active = conditionOf(scaler, 'ScalingActive');
  const limited = conditionOf(scaler, 'ScalingLimited');
  const now = numberAt(scaler, 'status', 'currentReplicas') ?? 0;
  const wanted = numberAt(scaler, 'status', 'desiredReplicas') ?? now;
  const text = now === wanted ? `${now} replicas, as it wants.` : `${now} replicas, on the way to ${wanted}.`;
  const since = active?.since;
  for (const condition of [able, active]) {
    if (condition?.status === 'False') {
      return { word: 'Failed', text: 'It cannot scale.', since: condition.since, reasons: whyOf(condition) };
    }
  }
  if (limited?.status === 'True')
    return { word: 'Pending', text, since: limited.since, reasons: whyOf(limited) };
  return { word: now === wanted ? 'Running' : 'Pending', text, since, reasons: [] };
}

export function budgetVerdict(budget: LiveObject): Verdict {
  const count = (field: string): number => numberAt(budget, 'status', field) ?? 0;
  const [healthy, wanted, allowed, all] = [
    count('currentHealthy'),
    count('desiredHealthy'),
    count('disruptionsAllowed'),
    count('expectedPods'),
  ];
  if (all === 0) return { word: 'Stopped', text: 'It chooses no pods.', reasons: [] };
  if (healthy < wanted) {
    return {
      word: 'Failed',
      text: `${healthy} of ${wanted} needed pods are healthy.`,
      reasons: ['Nothing may be evicted: a drain of their nodes waits.'],
    };
  }
  if (allowed > 0) {
    return { word: 'Running', text: `${allowed} of ${all} pods may be evicted now.`, reasons: [] };
  }
  return {
    word: 'Pending',
    text: 'No pod may be evicted now.',
    reasons: ['All are well, but the budget leaves no room: a drain of their nodes waits.'],
  };
}
