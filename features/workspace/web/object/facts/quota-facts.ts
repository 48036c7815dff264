import { parseQuantity } from '@krateyard/kube/meta/quantity';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { fieldsAt, textAt } from '../../../contract/columns/read.ts';

export interface QuotaLine {
  readonly quota: string;
  readonly resource: string;
  readonly used: string;
  readonly hard: string;
  /** Of what is allowed; 1 and more: nothing more goes. */
  readonly share: number;
}

/** What quotas allow and what of it is used, nearest to their end first. */
export function quotaLines(quotas: readonly LiveObject[]): readonly QuotaLine[] {
  return quotas
    .flatMap((quota) => {
      const hard = { ...fieldsAt(quota, 'spec', 'hard'), ...fieldsAt(quota, 'status', 'hard') };
      return Object.keys(hard).map((resource) => {
        const used = textAt(quota, 'status', 'used', resource) ?? '0';
        const most = textAt(hard, resource) ?? '0';
        return { quota: quota.metadata.name ?? '', resource, used, hard: most, share: shareOf(used, most) };
      });
    })
    .toSorted((a, b) => b.share - a.share || (a.resource < b.resource ? -1 : 1));
}

/** A quota of nothing is used up. */
function shareOf(used: string, hard: string): number {
  const [some, whole] = [parseQuantity(used)?.nano ?? 0n, parseQuantity(hard)?.nano ?? 0n];
  return whole === 0n ? 1 : Number((some * 10_000n) / whole) / 10_000;
}
