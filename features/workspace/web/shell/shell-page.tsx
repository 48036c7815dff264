import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useLocation, useSearch } from 'wouter';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { readShellAddress, shellHref, type ShellAddress } from './shell-address.ts';
import { shellStrings as strings } from './shell-strings.ts';
import { ShellView } from './shell-view.tsx';

/** A shell on a page of its own: `/shell?ns=&pod=[&container=]` opens one, `&session=` joins or comes back. */
export function ShellPage(): ReactElement {
  const search = useSearch();
  const [, navigate] = useLocation();
  const named = addressOf(search);
  const [{ run, address }, setOpened] = useState({ run: 0, address: withKey(named) });
  const href = shellHref(named);
  /** The address that this page itself has made; any other is a link that was followed. */
  const own = useRef(href);
  useEffect(() => {
    if (href === own.current) return;
    own.current = href;
    setOpened((before) => ({ run: before.run + 1, address: withKey(addressOf(search)) }));
  }, [href, search]);
  const go = (next: ShellAddress, replace: boolean): void => {
    own.current = shellHref(next);
    navigate(own.current, { replace });
  };
  useEffect(() => {
    document.title = strings.documentTitle(address.pod);
  }, [address.pod]);
  if (address.pod === '' && address.session === undefined) return <Nowhere />;
  return (
    <div className="shell-page">
      <ShellView
        key={run}
        address={address}
        shown
        takesFocus
        onOpen={(next) => {
          go(next, false);
          setOpened({ run: run + 1, address: next });
        }}
        onAddress={(next) => {
          keepKey(next);
          go(next, true);
        }}
      />
    </div>
  );
}

const addressOf = (search: string): ShellAddress =>
  readShellAddress(Object.fromEntries(new URLSearchParams(search)));

const KEY = 'krateyard.shell.';

function keepKey({ session, key }: ShellAddress): void {
  try {
    if (session && key) sessionStorage.setItem(KEY + session, key);
  } catch {
    // Storage may be forbidden: then a reload joins as somebody new.
  }
}

function withKey(address: ShellAddress): ShellAddress {
  if (address.session === undefined) return address;
  try {
    const key = sessionStorage.getItem(KEY + address.session);
    return key === null ? address : { ...address, key };
  } catch {
    return address;
  }
}

function Nowhere(): ReactElement {
  const [, navigate] = useLocation();
  return (
    <Notice
      icon="search"
      title={strings.missingTitle}
      actions={
        <button type="button" onClick={() => navigate('/resources/pods')}>
          {strings.toPods}
        </button>
      }
    >
      <p>{strings.missing}</p>
    </Notice>
  );
}
