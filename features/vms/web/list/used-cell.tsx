import { useMemo, type ReactElement } from 'react';
import { quantityValue } from '@krateyard/kube/meta/quantity';
import { useStore } from '@krateyard/ui/live/use-store';
import { history } from '@krateyard/ui/plots/history';
import type { Sample } from '@krateyard/ui/plots/series';
import { Sparkline } from '@krateyard/ui/plots/sparkline.tsx';
import { CELL_SAMPLES } from '@krateyard/ui/usage/usage-cell.tsx';
import { USAGE_PERIOD_MS, usageSeries } from '@krateyard/ui/usage/use-usage';
import { formatAmountWithUnit, formatShare, type Unit } from '@krateyard/ui/words/amount';
import type { VmInfo } from '../../contract/vm-api.ts';
import { vmStrings as strings } from '../vm-strings.ts';

/** What its pod uses, lately and now, as a share of what the guest has; amounts on hover. */
export function UsedCell(props: {
  readonly vm: VmInfo;
  /** Place in the sample. */
  readonly at: 1 | 2;
  readonly unit: Unit;
  readonly all: string;
}): ReactElement {
  const { vm, at, unit, all } = props;
  const series = useStore(history.series(usageSeries('pods', `${vm.namespace}/${vm.pod ?? ''}`)));
  const samples = useMemo(
    () => series.slice(-CELL_SAMPLES).map((sample): Sample => [sample[0], sample[at] ?? Number.NaN]),
    [series, at],
  );
  if (!vm.metrics) return <span className="machine-of">{all || '–'}</span>;
  const used = at === 1 ? vm.metrics.cpuCores : vm.metrics.memoryBytes;
  const whole = at === 1 ? vm.cpu : quantityValue(vm.memory || '0') || 0;
  const words = formatAmountWithUnit(used, unit);
  return (
    <span className="machine-use" title={all === '' ? words : strings.usedOf(words, all)}>
      <Sparkline
        label=""
        samples={samples}
        unit={unit}
        periodMs={USAGE_PERIOD_MS}
        spanMs={CELL_SAMPLES * USAGE_PERIOD_MS}
        top={whole > 0 ? whole : undefined}
        width={28}
      />
      <span>{whole > 0 ? formatShare(used / whole) : words}</span>
      {all !== '' && <span className="machine-of">{strings.of(all)}</span>}
    </span>
  );
}
