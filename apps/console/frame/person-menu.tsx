import { useRef, useState, type ReactElement } from 'react';
import { useStore } from '@krateyard/ui/live/use-store';
import { chooseTheme, theme, THEMES } from '@krateyard/ui/look/theme';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { useOutside } from '@krateyard/ui/parts/picker.tsx';
import { toast } from '@krateyard/ui/parts/toasts';
import type { Session } from '../session-api.ts';
import { leave } from '../session-store.ts';
import { strings } from '../strings.ts';

/** Who is signed in, the theme, and the way out. */
export function PersonMenu({ session }: { readonly session: Session }): ReactElement {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useOutside(root, open, () => setOpen(false));
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- Esc closes from anywhere inside
    <div
      className="person-menu"
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        event.preventDefault();
        setOpen(false);
        button.current?.focus();
      }}
    >
      <button
        type="button"
        ref={button}
        className="plain"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="person" />
        <span className="only-spoken">{strings.person}: </span>
        <span className="person-name clip">{session.user?.username}</span>
        <Icon name="chevron" />
      </button>
      {open && <PersonPanel user={session.user} />}
    </div>
  );
}

function PersonPanel({ user }: { readonly user: Session['user'] }): ReactElement {
  const chosen = useStore(theme);
  const out = (everywhere: boolean): void => {
    leave(everywhere).catch(() => toast('bad', strings.signOutFailed));
  };
  return (
    <div className="person-panel">
      <p>
        <b>{user?.username}</b>
        <small>{user?.groups.join(', ')}</small>
      </p>
      <fieldset>
        <legend>{strings.theme}</legend>
        {THEMES.map((name) => (
          <label key={name}>
            <input type="radio" name="theme" checked={chosen === name} onChange={() => chooseTheme(name)} />
            {strings.themes[name]}
          </label>
        ))}
      </fieldset>
      <button type="button" onClick={() => out(false)}>
        <Icon name="out" />
        {strings.signOut}
      </button>
      <button type="button" className="plain" onClick={() => out(true)}>
        {strings.signOutEverywhere}
      </button>
    </div>
  );
}
