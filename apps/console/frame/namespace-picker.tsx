import { useMemo, useState, type ReactElement } from 'react';
import { useSearchParams } from 'wouter';
import { useKeys } from '@krateyard/ui/keys/use-keys';
import { Picker } from '@krateyard/ui/parts/picker.tsx';
import { strings } from '../strings.ts';
import { useNamespaces } from './use-namespaces.ts';

const ALL = '';

/** All namespaces, or several: they stand in the address as `ns=a,b` and every room follows them. */
export function NamespacePicker(): ReactElement {
  const [params, setParams] = useSearchParams();
  const [open, setOpen] = useState(false);
  const text = params.get('ns') ?? '';
  const chosen = useMemo(() => text.split(',').filter(Boolean), [text]);
  const known = useNamespaces(open);
  const [atOpening, setAtOpening] = useState(chosen);
  const show = (next: boolean): void => {
    if (next) setAtOpening(chosen);
    setOpen(next);
  };
  const items = useMemo(
    () => [
      { value: ALL, label: strings.allNamespaces },
      ...inOrder(known, chosen, atOpening).map((name) => ({ value: name, label: name })),
    ],
    [known, chosen, atOpening],
  );
  const pick = (value: string): void => {
    const next = value === ALL ? [] : toggled(chosen, value);
    setParams((before) => {
      const after = new URLSearchParams(before);
      if (next.length === 0) after.delete('ns');
      else after.set('ns', next.join(','));
      after.delete('open');
      after.delete('tab');
      return after;
    });
    if (value === ALL) show(false);
  };
  useKeys([{ keys: 'n', label: strings.pickNamespaces, group: strings.frameKeys, run: () => show(true) }]);
  return (
    <Picker
      label={strings.namespaces}
      face={<Face chosen={chosen} />}
      items={items}
      chosen={new Set(chosen.length === 0 ? [ALL] : chosen)}
      several
      onPick={pick}
      open={open}
      onOpenChange={show}
      className="namespace-picker"
    />
  );
}

/** Shorter lists keep the order of the alphabet whatever is chosen. */
const LONG = 50;

/** By name; in a long list those chosen when it was opened come first, so that they are seen and can be left. */
function inOrder(
  known: readonly string[],
  chosen: readonly string[],
  first: readonly string[],
): readonly string[] {
  const all = [...new Set([...known, ...chosen])].toSorted();
  if (all.length < LONG) return all;
  return [...new Set([...first, ...all])];
}

/** What is chosen; all of it by pointing at it. A narrow bar has no room for what the list says anyway. */
function Face({ chosen }: { readonly chosen: readonly string[] }): ReactElement {
  if (chosen.length === 0)
    return (
      <span className="clip">
        {strings.allShort}
        <span className="only-spoken-narrow">{strings.allRest}</span>
      </span>
    );
  return (
    <span className="clip" title={chosen.join(', ')}>
      {chosen.length === 1 ? chosen[0] : strings.severalNamespaces(chosen.length)}
    </span>
  );
}

const toggled = (chosen: readonly string[], value: string): readonly string[] =>
  chosen.includes(value) ? chosen.filter((name) => name !== value) : [...chosen, value].toSorted();
