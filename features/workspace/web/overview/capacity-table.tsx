import { useMemo, useState, type ReactElement, type ReactNode } from 'react';
import { Link } from 'wouter';
import { StatusMark } from '@krateyard/ui/parts/status-mark.tsx';
import { Sparkline } from '@krateyard/ui/plots/sparkline.tsx';
import type { Sample } from '@krateyard/ui/plots/series';
import { strings as uiStrings } from '@krateyard/ui/strings';
import { formatAmount, type Unit } from '@krateyard/ui/words/amount';
import { formatCount } from '@krateyard/ui/words/format-time';
import type { Amounts, Capacity } from '../../contract/overview.ts';
import { USAGE_PERIOD_MS } from '@krateyard/kube/meta/usage-sample';
import { useUsage, type UsageSamples } from '@krateyard/ui/usage/use-usage';
import { objectHref } from '@krateyard/ui/page/object-href';
import { formatView } from '../view-url.ts';
import { AmountBar, inCores } from './amount-bar.tsx';
import { overviewStrings as strings } from './overview-strings.ts';

/** Rows that stand without being asked for. */
const FIRST_ROWS = 8;
/** So many more at a time: a thousand rows with plots would hold the page up. */
const MORE_ROWS = 100;
const SPAN_MS = 15 * 60_000;

/** Nodes or namespaces, one a row: how full, how busy, how it went in the last minutes. */
export function CapacityTable(props: {
  readonly of: 'nodes' | 'namespaces';
  readonly rows: readonly Capacity[];
  /** Whether usage is measured and may be seen. */
  readonly measured: boolean;
  readonly note?: ReactNode;
}): ReactElement {
  const { of, rows, measured, note } = props;
  const [most, setMost] = useState(FIRST_ROWS);
  const shown = rows.slice(0, most);
  const hidden = rows.length - shown.length;
  const signature = shown.map(({ name }) => name).join('\n');
  // oxlint-disable-next-line react/exhaustive-deps -- the signature is the names
  const names = useMemo(() => shown.map(({ name }) => name).slice(0, 500), [signature]);
  const usage = useUsage(measured ? of : undefined, names);
  const [mostCpu, mostMemory] = useMemo(() => mostOf(rows), [rows]);
  const title = of === 'nodes' ? strings.nodes : strings.namespaces;
  return (
    <section className="overview-part" aria-label={title}>
      <header className="overview-head">
        <h3>{title}</h3>
        <span className="overview-dim">{formatCount(rows.length)}</span>
      </header>
      <table className="capacity-table">
        <CapacityHead of={of} measured={measured} />
        <tbody>
          {shown.map((row) => (
            <tr key={row.name}>
              <th scope="row">{of === 'nodes' ? <NodeName row={row} /> : <NamespaceName row={row} />}</th>
              <td>
                <AmountCell amounts={inCores(row.cpu)} unit="cores" most={mostCpu / 1000} />
              </td>
              {measured && (
                <td className="wide-only">
                  <CpuLine row={row} samples={usage.samplesOf(row.name)} />
                </td>
              )}
              <td>
                <AmountCell amounts={row.memory} unit="bytes" most={mostMemory} />
              </td>
              <td className="cell-right">
                {formatCount(row.pods.count)}
                {row.pods.allocatable !== undefined && (
                  <span className="overview-dim wide-only">{` / ${formatCount(row.pods.allocatable)}`}</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > FIRST_ROWS && (
        <span className="capacity-more">
          {hidden > 0 && (
            <button type="button" className="plain" onClick={() => setMost(most + MORE_ROWS)}>
              {hidden > MORE_ROWS ? strings.showMore(MORE_ROWS, hidden) : uiStrings.showAll(rows.length)}
            </button>
          )}
          {most > FIRST_ROWS && (
            <button type="button" className="plain" onClick={() => setMost(FIRST_ROWS)}>
              {strings.less}
            </button>
          )}
        </span>
      )}
      {note}
    </section>
  );
}

function CapacityHead(props: {
  readonly of: 'nodes' | 'namespaces';
  readonly measured: boolean;
}): ReactElement {
  const { of, measured } = props;
  return (
    <thead>
      <tr>
        <th scope="col">{of === 'nodes' ? strings.node : strings.namespace}</th>
        <th scope="col">
          {strings.cpu}
          {measured && <UsedOfRequested />}
        </th>
        {measured && (
          <th scope="col" className="wide-only">
            {strings.lastMinutes}
          </th>
        )}
        <th scope="col">
          {strings.memory}
          {measured && <UsedOfRequested />}
        </th>
        <th scope="col" className="cell-right">
          {strings.pods}
        </th>
      </tr>
    </thead>
  );
}

/** What the two amounts of a cell are. */
const UsedOfRequested = (): ReactElement => (
  <span className="overview-dim wide-only">{` ${strings.usedOfRequested}`}</span>
);

function NodeName({ row }: { readonly row: Capacity }): ReactElement {
  const { name, ready, cordoned, problems } = row;
  const word = problems > 0 ? 'Failed' : cordoned ? 'Pending' : 'Running';
  const said = [
    ...(ready === false ? [strings.notReady] : problems > 0 ? [strings.problems(problems)] : []),
    ...(cordoned ? [strings.cordoned] : []),
  ].join(', ');
  return (
    <Link href={objectHref('v1/nodes', undefined, name)} className="capacity-name" data-line="">
      <StatusMark word={word} />
      <bdi className="clip">{name}</bdi>
      {said !== '' && <small>{said}</small>}
    </Link>
  );
}

function NamespaceName({ row }: { readonly row: Capacity }): ReactElement {
  const { name, problems } = row;
  return (
    <Link href={formatView({ kind: 'pods', namespaces: [name] })} className="capacity-name" data-line="">
      <StatusMark word={problems > 0 ? 'Failed' : 'Running'} />
      <bdi className="clip">{name}</bdi>
      {problems > 0 && <small>{strings.problems(problems)}</small>}
    </Link>
  );
}

function AmountCell(props: {
  readonly amounts: Amounts;
  readonly unit: Unit;
  readonly most: number;
}): ReactElement {
  const { amounts, unit, most } = props;
  const { used, requested } = amounts;
  return (
    <span className="amount-cell">
      <span className="amount-words">
        <b>{formatAmount(used ?? requested, unit)}</b>
        {used !== undefined && (
          <span className="overview-dim wide-only">{` / ${formatAmount(requested, unit)}`}</span>
        )}
      </span>
      <AmountBar amounts={amounts} unit={unit} most={most} />
    </span>
  );
}

function CpuLine({ row, samples }: { readonly row: Capacity; readonly samples: UsageSamples }): ReactElement {
  const cpu = useMemo(() => samples.map(([at, cores]): Sample => [at, cores ?? Number.NaN]), [samples]);
  return (
    <Sparkline
      label={`${strings.cpu}, ${row.name}`}
      samples={cpu}
      unit="cores"
      periodMs={USAGE_PERIOD_MS}
      spanMs={SPAN_MS}
      width={84}
    />
  );
}

/** The largest of all rows: what has no end of its own is drawn against it. */
function mostOf(rows: readonly Capacity[]): readonly [cpu: number, memory: number] {
  const most = (pick: (row: Capacity) => Amounts): number =>
    rows.reduce((found, row) => Math.max(found, pick(row).requested, pick(row).used ?? 0), 0);
  return [most(({ cpu }) => cpu), most(({ memory }) => memory)];
}
