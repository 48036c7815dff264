import type { ReactElement } from 'react';
import { useKeys } from '@krateyard/ui/keys/use-keys';
import { eventStrings as strings } from './event-strings.ts';
import { onlyWarnings, withoutNormal } from './only-warnings.ts';

/** Leaves out what is as usual; it stands in the filter, and so in the address. */
export function WarningsToggle(props: {
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
}): ReactElement {
  const { filter, onFilter } = props;
  const on = onlyWarnings(filter);
  const toggle = (): void => onFilter(withoutNormal(filter, !on));
  useKeys([{ keys: 'w', label: strings.warningsKey, group: strings.keys, run: toggle }]);
  return (
    <button type="button" aria-pressed={on} title={`${strings.warningsKey} (w)`} onClick={toggle}>
      {strings.warnings}
    </button>
  );
}
