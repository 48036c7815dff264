import type { ReactElement } from 'react';
import { formatAmountWithUnit, type Unit } from '@krateyard/ui/words/amount';
import type { Amounts } from '../../contract/overview.ts';
import { overviewStrings as strings } from './overview-strings.ts';

/** What is used and requested of what there is: filled, and marked. Where nothing says how much there is, of `most`. */
export function AmountBar(props: {
  readonly amounts: Amounts;
  readonly unit: Unit;
  readonly most?: number | undefined;
}): ReactElement {
  const { amounts, unit, most } = props;
  const { used, requested } = amounts;
  const whole = amounts.allocatable ?? most ?? Math.max(used ?? 0, requested);
  const part = (value: number): number => (whole > 0 ? Math.min(100, (value / whole) * 100) : 0);
  const fill = part(used ?? requested);
  const full = amounts.allocatable !== undefined && requested > amounts.allocatable * 0.9;
  return (
    <span
      className={full ? 'amount-bar amount-bar-full' : 'amount-bar'}
      aria-hidden="true"
      title={titleOf(amounts, unit)}
    >
      <span
        className={used === undefined ? 'amount-fill amount-fill-requested' : 'amount-fill'}
        style={{ width: `${fill}%` }}
      />
      {used !== undefined && <span className="amount-mark" style={{ left: `${part(requested)}%` }} />}
    </span>
  );
}

function titleOf({ used, requested, limits, allocatable }: Amounts, unit: Unit): string {
  const words: string[] = [];
  if (used !== undefined) words.push(`${formatAmountWithUnit(used, unit)} ${strings.used}`);
  words.push(`${formatAmountWithUnit(requested, unit)} ${strings.requested}`);
  if (limits > 0) words.push(`${formatAmountWithUnit(limits, unit)} ${strings.limits}`);
  if (allocatable !== undefined)
    words.push(`${formatAmountWithUnit(allocatable, unit)} ${strings.allocatable}`);
  return words.join(' · ');
}

/** The contract counts thousandths of a core; people count cores. */
export function inCores({ requested, limits, used, allocatable }: Amounts): Amounts {
  return {
    requested: requested / 1000,
    limits: limits / 1000,
    ...(used !== undefined && { used: used / 1000 }),
    ...(allocatable !== undefined && { allocatable: allocatable / 1000 }),
  };
}
