import type { ReactElement } from 'react';
import { StatusMark } from '@krateyard/ui/parts/status-mark.tsx';
import { STATUS_LOOKS } from '@krateyard/ui/words/status-vocabulary';
import type { VmInfo } from '../../contract/vm-api.ts';
import { whyOf, type ConditionLine } from '../machine-why.ts';
import { vmStrings as strings } from '../vm-strings.ts';

/** How the machine is, why not better, and what to do about it. */
export function WhyLines(props: {
  readonly vm: VmInfo;
  readonly conditions: readonly ConditionLine[];
}): ReactElement {
  const { vm, conditions } = props;
  const { word, text, causes, todo } = whyOf(vm, conditions);
  return (
    <div className={`verdict verdict-${STATUS_LOOKS[word].tone}`}>
      <p>
        <StatusMark word={word} />
        <strong>{text}</strong>
      </p>
      {causes.length > 0 && (
        <ul>
          {causes.map(({ says, words }) => (
            <li key={words} dir="auto">
              {says} <span className="machine-words">{words}</span>
            </li>
          ))}
        </ul>
      )}
      {todo.map((line) => (
        <p key={line} className="machine-todo">
          <b>{strings.whatToDo}</b> {line}
        </p>
      ))}
      {vm.restartRequired !== undefined && (
        <p className="machine-todo">
          <b>{strings.restartRequired}</b> {vm.restartRequired}
        </p>
      )}
    </div>
  );
}
