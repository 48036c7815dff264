import { useEffect, useRef, type ReactElement } from 'react';
import { MOD } from '../keys/mod.ts';
import type { KeyBinding } from '../keys/key-chord.ts';
import { strings } from '../strings.ts';
import { IconButton } from './icon-button.tsx';
import './keys-help.css';

/** The list of every key that works now, grouped. */
export function KeysHelp(props: {
  readonly bindings: readonly KeyBinding[];
  readonly onClose: () => void;
}): ReactElement {
  const { bindings, onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const groups = Map.groupBy(latestOf(bindings), (binding) => binding.group);
  return (
    <dialog ref={dialog} className="keys-help" aria-label={strings.keysTitle} onClose={onClose}>
      <header>
        <h2>{strings.keysTitle}</h2>
        <IconButton icon="close" label={strings.keysClose} onPress={() => dialog.current?.close()} />
      </header>
      <div className="keys-groups">
        {[...groups].map(([group, members]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {[...Map.groupBy(members, ({ label }) => label)].map(([label, ways]) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>
                    {ways.map(({ keys }) => (
                      <Chord key={keys} keys={keys} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </dialog>
  );
}

/** A key that an inner part has taken over stands once, with what it does now. */
function latestOf(bindings: readonly KeyBinding[]): readonly KeyBinding[] {
  return [...new Map(bindings.map((binding) => [binding.keys, binding])).values()];
}

const NAMES: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  PageDown: 'PgDn',
  PageUp: 'PgUp',
  Escape: 'Esc',
};

export function Chord({ keys }: { readonly keys: string }): ReactElement {
  const parts = keys.split(' ');
  return (
    <span className="chord">
      {parts.map((key, index) => (
        <span key={key}>
          {index > 0 && <small> {strings.thenKey} </small>}
          <kbd>{NAMES[key] ?? faceOf(key)}</kbd>
        </span>
      ))}
    </span>
  );
}

/** Letters stand on keys as capitals; alone they are shown as typed, as `g` and `G` are two keys. */
const faceOf = (key: string): string =>
  key.startsWith('Mod+') ? `${MOD}${key.slice('Mod+'.length).toUpperCase()}` : key;
