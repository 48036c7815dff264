import type { ReactElement } from 'react';
import { Age } from '@krateyard/ui/parts/age.tsx';
import { Section } from '@krateyard/ui/parts/facts.tsx';
import { StatusMark } from '@krateyard/ui/parts/status-mark.tsx';
import { REASON_MEANINGS } from '../machine-reasons.ts';
import { isBad, type ConditionLine } from '../machine-why.ts';
import { vmStrings as strings } from '../vm-strings.ts';

/** All conditions, of each part under its name, with what their reasons mean. */
export function ConditionList({
  conditions,
}: {
  readonly conditions: readonly ConditionLine[];
}): ReactElement {
  const parts = [strings.parts.machine, strings.parts.instance, strings.parts.pod];
  return (
    <div className="machine-conditions">
      {parts.map((part) => {
        const own = conditions.filter(({ of }) => of === part);
        return own.length === 0 ? null : (
          <Section key={part} title={part}>
            <ul className="conditions">
              {own.map((condition) => (
                <Line key={condition.type} condition={condition} />
              ))}
            </ul>
          </Section>
        );
      })}
      {conditions.length === 0 && <p className="absent">{strings.machine.noConditions}</p>}
    </div>
  );
}

function Line({ condition }: { readonly condition: ConditionLine }): ReactElement {
  const { type, status, reason, message, since } = condition;
  const says = REASON_MEANINGS[reason]?.says;
  const words = [reason, message].filter(Boolean).join(': ');
  return (
    <li>
      <StatusMark word={isBad(condition) ? 'Failed' : status === 'True' ? 'Running' : 'Stopped'} />
      <b>
        {type}: {status}
      </b>
      {since === undefined ? <span /> : <Age at={since} />}
      {(words !== '' || says !== undefined) && (
        <p dir="auto">
          {says} <span className="machine-words">{words}</span>
        </p>
      )}
    </li>
  );
}
