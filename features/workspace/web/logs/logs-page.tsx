import { useCallback, useEffect, useMemo, type ReactElement } from 'react';
import { useLocation, useSearch } from 'wouter';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { pageOf, readAddress, titleOf, type LogAddress } from './log-address.ts';
import { logStrings as strings } from './log-strings.ts';
import { LogView } from './log-view.tsx';

/** A log on a page of its own, whose address can be sent to a colleague. */
export function LogsPage(): ReactElement {
  const search = useSearch();
  const [, navigate] = useLocation();
  const address = useMemo(() => readAddress(Object.fromEntries(new URLSearchParams(search))), [search]);
  const onAddress = useCallback(
    (change: Partial<LogAddress>) => navigate(pageOf({ ...address, ...change }), { replace: true }),
    [address, navigate],
  );
  const title = titleOf(address);
  useEffect(() => {
    document.title = strings.pageTitle(title);
  }, [title]);
  if (!namesALog(address)) {
    return (
      <Notice
        icon="search"
        title={strings.incompleteTitle}
        actions={
          <button type="button" onClick={() => navigate('/resources/pods')}>
            {strings.toPods}
          </button>
        }
      >
        <p>{strings.incomplete}</p>
      </Notice>
    );
  }
  return (
    <div className="logs-page">
      <h1>
        <bdi>{title}</bdi> <small>{address.ns}</small>
      </h1>
      <LogView address={address} onAddress={onAddress} shown page focus />
    </div>
  );
}

const namesALog = ({ ns, pod, selector, kind, name }: LogAddress): boolean =>
  ns !== '' && Boolean(pod ?? selector ?? (kind && name));
