import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { StatusMark } from '@krateyard/ui/parts/status-mark.tsx';
import { formatAmountWithUnit, formatShare, type Unit } from '@krateyard/ui/words/amount';
import { formatCount } from '@krateyard/ui/words/format-time';
import type { StatusWord } from '@krateyard/ui/words/status-vocabulary';
import type { Amounts, Capacity } from '../../contract/overview.ts';
import { formatView } from '../view-url.ts';
import { AmountBar, inCores } from './amount-bar.tsx';
import type { OverviewModel } from './overview-model.ts';
import { overviewStrings as strings } from './overview-strings.ts';

/** How full all of it is. */
export function CapacityTotals(props: {
  readonly total: Capacity;
  readonly phases: OverviewModel['phases'];
  readonly namespaces: readonly string[];
}): ReactElement {
  const { total, phases, namespaces } = props;
  const pods: Amounts = {
    requested: total.pods.count,
    limits: 0,
    ...(total.pods.allocatable !== undefined && { allocatable: total.pods.allocatable }),
  };
  return (
    <div className="capacity-totals">
      <Total title={strings.cpu} amounts={inCores(total.cpu)} unit="cores" />
      <Total title={strings.memory} amounts={total.memory} unit="bytes" />
      <Total title={strings.pods} amounts={pods} unit="count" plain />
      <PhaseCounts phases={phases} namespaces={namespaces} />
    </div>
  );
}

function Total(props: {
  readonly title: string;
  readonly amounts: Amounts;
  readonly unit: Unit;
  /** Nothing is requested or used: there just are some. */
  readonly plain?: boolean;
}): ReactElement {
  const { title, amounts, unit, plain = false } = props;
  const { used, requested, limits, allocatable } = amounts;
  const lead = used ?? requested;
  return (
    <div className="capacity-total">
      <h3>{title}</h3>
      <p className="capacity-lead">
        <b>{formatAmountWithUnit(lead, unit)}</b>
        {!plain && ` ${used === undefined ? strings.requested : strings.used}`}
        {allocatable !== undefined && allocatable > 0 && (
          <span className="overview-dim">{` · ${formatShare(lead / allocatable)} ${strings.ofAll(formatAmountWithUnit(allocatable, unit))}`}</span>
        )}
      </p>
      {(!plain || allocatable !== undefined) && <AmountBar amounts={amounts} unit={unit} />}
      {!plain && (
        <p className="capacity-rest">
          {used === undefined
            ? strings.notMeasured
            : `${formatAmountWithUnit(requested, unit)} ${strings.requested}`}
          {limits > 0 && ` · ${formatAmountWithUnit(limits, unit)} ${strings.limits}`}
        </p>
      )}
    </div>
  );
}

const PHASE_WORDS: Readonly<Record<string, StatusWord>> = {
  Failed: 'Failed',
  Pending: 'Pending',
  Running: 'Running',
  Succeeded: 'Stopped',
};

function PhaseCounts(props: {
  readonly phases: OverviewModel['phases'];
  readonly namespaces: readonly string[];
}): ReactElement {
  const { phases, namespaces } = props;
  return (
    <div className="capacity-total">
      <h3>{strings.phases}</h3>
      <ul className="phase-counts">
        {phases.map(([phase, count]) => (
          <li key={phase}>
            <Link href={formatView({ kind: 'pods', namespaces, filter: `status:${wordFor(phase)}` })}>
              <StatusMark word={PHASE_WORDS[phase] ?? 'Unknown'} />
              {phase} <b>{formatCount(count)}</b>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What the table of pods calls a pod in this phase. */
const wordFor = (phase: string): string => (phase === 'Succeeded' ? 'completed' : phase.toLowerCase());
