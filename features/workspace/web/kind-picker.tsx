import { useMemo, useState, type ReactElement } from 'react';
import { useKeys } from '@krateyard/ui/keys/use-keys';
import { Picker } from '@krateyard/ui/parts/picker.tsx';
import { kindItems } from './kind-groups.ts';
import { strings } from './strings.ts';
import { useKinds } from './use-kinds.ts';
import { useViewUrl } from './view-url.ts';

/** Every kind that can be listed, grouped; another kind keeps the namespaces and drops the filter, sort and open object. */
export function KindPicker(): ReactElement {
  const { view, go } = useViewUrl();
  const [open, setOpen] = useState(false);
  const kinds = useKinds(open);
  const items = useMemo(() => kindItems(kinds), [kinds]);
  const chosen = useMemo(() => new Set([view.kind]), [view.kind]);
  const face = kinds.find((kind) => kind.path === view.kind)?.kind ?? view.kind;
  const pick = (kind: string): void =>
    go({ kind, filter: '', sort: undefined, open: undefined, tab: 'summary' });
  useKeys([{ keys: ':', label: strings.pickKind, group: strings.keys, run: () => setOpen(true) }]);
  return (
    <Picker
      label={strings.kind}
      face={<span className="clip">{face}</span>}
      items={items}
      chosen={chosen}
      onPick={pick}
      open={open}
      onOpenChange={setOpen}
      className="kind-picker"
    />
  );
}
