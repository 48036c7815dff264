import type { ReactElement, ReactNode } from 'react';
import './tabs.css';

/** What of a page shows: arrow keys move among them. */
export function Tabs<T extends string>(props: {
  readonly label: string;
  readonly tabs: readonly { readonly id: T; readonly title: ReactNode }[];
  readonly tab: T;
  readonly onTab: (tab: T) => void;
}): ReactElement {
  const { label, tabs, tab, onTab } = props;
  return (
    <div className="tabs" role="tablist" aria-label={label}>
      {tabs.map(({ id, title }, index) => (
        <button
          key={id}
          type="button"
          role="tab"
          className="plain tab"
          aria-selected={tab === id}
          tabIndex={tab === id ? 0 : -1}
          onClick={() => onTab(id)}
          onKeyDown={(event) => {
            const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
            if (step === undefined) return;
            event.preventDefault();
            event.stopPropagation();
            const next = (index + step + tabs.length) % tabs.length;
            onTab(tabs[next]!.id);
            event.currentTarget.parentElement?.querySelectorAll('button')[next]?.focus();
          }}
        >
          {title}
        </button>
      ))}
    </div>
  );
}
