import { useMemo, type ReactElement } from 'react';
import { quantityValue } from '@krateyard/kube/meta/quantity';
import { StatusMark } from '@krateyard/ui/parts/status-mark.tsx';
import { formatAmountWithUnit } from '@krateyard/ui/words/amount';
import { formatCount } from '@krateyard/ui/words/format-time';
import type { StatusWord } from '@krateyard/ui/words/status-vocabulary';
import type { VmInfo } from '../../contract/vm-api.ts';
import { vmStrings as strings } from '../vm-strings.ts';
import { countWords } from './machine-rows.ts';

const ORDER: readonly StatusWord[] = ['Failed', 'Pending', 'Unknown', 'Running', 'Stopped'];

/** The machines in numbers; each number shows only those. */
export function MachineNumbers(props: {
  readonly machines: ReadonlyMap<string, VmInfo>;
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
}): ReactElement {
  const { machines, filter, onFilter } = props;
  const counts = useMemo(() => countWords(machines.values()), [machines]);
  const { cpu, bytes } = useMemo(() => sumsOf(machines.values()), [machines]);
  return (
    <div className="machine-numbers" role="group" aria-label={strings.numbers}>
      {ORDER.filter((word) => counts[word] > 0 || word === 'Running').map((word) => {
        const own = `status:${word.toLowerCase()}`;
        const pressed = filter.trim().toLowerCase() === own;
        return (
          <button
            key={word}
            type="button"
            className="plain machine-number"
            aria-pressed={pressed}
            title={strings.only(strings.words[word])}
            onClick={() => onFilter(pressed ? '' : own)}
          >
            <StatusMark word={word} />
            <b>{formatCount(counts[word])}</b> {strings.words[word]}
          </button>
        );
      })}
      <span className="machine-sums">
        <span>{strings.cpus(cpu)}</span>
        <span>{strings.memoryOf(formatAmountWithUnit(bytes, 'bytes'))}</span>
        <small>{strings.ofRunning}</small>
      </span>
    </div>
  );
}

function sumsOf(vms: Iterable<VmInfo>): { cpu: number; bytes: number } {
  const sums = { cpu: 0, bytes: 0 };
  for (const { phase, cpu, memory } of vms) {
    if (phase !== 'Running') continue;
    sums.cpu += cpu;
    sums.bytes += memory === '' ? 0 : quantityValue(memory) || 0;
  }
  return sums;
}
