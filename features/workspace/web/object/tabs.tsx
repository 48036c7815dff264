import type { ReactElement } from 'react';
import { OBJECT_TABS, type ObjectTab } from '@krateyard/ui/page/object-href';
import { Tabs } from '@krateyard/ui/parts/tabs.tsx';
import { strings } from '../strings.ts';
import { objectStrings } from './object-strings.ts';

const TABS = OBJECT_TABS.map((id) => ({ id, title: objectStrings.tabs[id] }));

/** What of an object shows. */
export function ObjectTabs(props: {
  readonly tab: ObjectTab;
  readonly onTab: (tab: ObjectTab) => void;
}): ReactElement {
  return <Tabs label={strings.details} tabs={TABS} {...props} />;
}
