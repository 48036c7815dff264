import type { ReactElement } from 'react';
import { OBJECT_TABS, type ObjectTab } from '../object-href.ts';
import { strings } from '../strings.ts';
import { objectStrings } from './object-strings.ts';
import './tabs.css';

/** What of an object shows: arrow keys move among them. */
export function ObjectTabs(props: {
  readonly tab: ObjectTab;
  readonly onTab: (tab: ObjectTab) => void;
}): ReactElement {
  const { tab, onTab } = props;
  return (
    <div className="tabs" role="tablist" aria-label={strings.details}>
      {OBJECT_TABS.map((name, index) => (
        <button
          key={name}
          type="button"
          role="tab"
          className="plain tab"
          aria-selected={tab === name}
          tabIndex={tab === name ? 0 : -1}
          onClick={() => onTab(name)}
          onKeyDown={(event) => {
            const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
            if (step === undefined) return;
            event.preventDefault();
            event.stopPropagation();
            const next = (index + step + OBJECT_TABS.length) % OBJECT_TABS.length;
            onTab(OBJECT_TABS[next]!);
            event.currentTarget.parentElement?.querySelectorAll('button')[next]?.focus();
          }}
        >
          {objectStrings.tabs[name]}
        </button>
      ))}
    </div>
  );
}
