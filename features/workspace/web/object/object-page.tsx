import { useCallback, useEffect, useMemo, type ReactElement } from 'react';
import { useLocation, useSearch } from 'wouter';
import { useKeys } from '@krateyard/ui/keys/use-keys';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import { useLiveSource } from '@krateyard/ui/live/live-context';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { StaleBand } from '@krateyard/ui/parts/stale-band.tsx';
import { ActionBar, useActionKeys } from '../actions/action-menu.tsx';
import type { ActionTarget } from '../actions/object-action.ts';
import {
  formatObjectUrl,
  OBJECT_TABS,
  readObjectUrl,
  type ObjectTab,
  type ObjectUrl,
} from '@krateyard/ui/page/object-href';
import { strings as roomStrings } from '../strings.ts';
import { formatView } from '../view-url.ts';
import { ObjectBody } from './object-body.tsx';
import { ObjectHeader } from './object-header.tsx';
import { objectStrings as strings } from './object-strings.ts';
import { ObjectTabs } from './tabs.tsx';
import { useObject } from './use-object.ts';
import '@krateyard/ui/page/detail-page.css';
import '@krateyard/ui/parts/facts.css';
import './object.css';

/** One object, live, on a page of its own; its address restores what shows. */
export function ObjectPage(): ReactElement {
  const [path] = useLocation();
  const search = useSearch();
  const url = useMemo(() => readObjectUrl(path, search), [path, search]);
  if (!url) {
    return (
      <Notice icon="search" title={strings.noAddressTitle}>
        <p>{strings.noAddress}</p>
      </Notice>
    );
  }
  return <OneObject key={`${url.kind} ${url.namespace ?? ''}/${url.name}`} url={url} />;
}

function OneObject({ url }: { readonly url: ObjectUrl }): ReactElement {
  const [, navigate] = useLocation();
  const { kind: kindPath, namespace, name, tab, container } = url;
  const go = useCallback(
    (change: Partial<ObjectUrl>, replace = true) =>
      navigate(formatObjectUrl({ ...url, ...change }), { replace }),
    [navigate, url],
  );
  const key = namespace === undefined ? name : `${namespace}/${name}`;
  const followed = useObject(kindPath, key);
  const { head, object, truth, gone, columns, cells } = followed;
  const source = useLiveSource();
  usePageKeys(url, go);
  useEffect(() => {
    document.title = strings.title(head?.kind.kind ?? kindPath, name);
  }, [head, kindPath, name]);
  const target = useMemo<ActionTarget | undefined>(
    () => (head && object && !gone ? { kind: head.kind, key, object } : undefined),
    [head, object, gone, key],
  );
  return (
    <article className="object-page" aria-label={`${head?.kind.kind ?? kindPath} ${name}`}>
      <ObjectHeader
        kindPath={kindPath}
        namespace={namespace}
        name={name}
        followed={followed}
        actions={target && <Actions target={target} />}
      />
      <ObjectTabs tab={tab} onTab={(next) => go({ tab: next, edit: false })} />
      <StaleBand truth={truth} onRetry={() => source.wake()} />
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so Tab must reach it */}
      <div
        className={`object-body object-body-${tab}`}
        role="tabpanel"
        tabIndex={0}
        aria-label={strings.tabs[tab]}
      >
        {gone && <p className="gone-line">{roomStrings.objectGone}</p>}
        {object && head && (
          <ObjectBody
            object={object}
            kind={head.kind}
            columns={columns}
            cells={cells}
            tab={tab}
            gone={gone}
            dense={false}
            container={container}
            onContainer={(next) => go({ container: next })}
            edit={url.edit}
            onEdit={(edit) => go({ edit })}
          />
        )}
        {!object && truth.state !== 'loading' && (
          <Absent
            name={name}
            status={'status' in truth ? truth.status : undefined}
            onOthers={() => navigate(othersOf(url))}
            kind={head?.kind.kind ?? kindPath}
          />
        )}
      </div>
    </article>
  );
}

/** There is nothing to show: it may not be seen, or is not there. */
function Absent(props: {
  readonly name: string;
  readonly kind: string;
  readonly status: LiveStatus | undefined;
  readonly onOthers: () => void;
}): ReactElement {
  const { name, kind, status, onOthers } = props;
  const forbidden = status?.reason === 'Forbidden';
  return (
    <Notice
      icon={forbidden ? 'lock' : 'search'}
      tone={forbidden ? 'warn' : 'calm'}
      title={forbidden ? strings.objectForbidden(name) : roomStrings.objectMissing(name)}
      status={status}
      actions={
        <button type="button" onClick={onOthers}>
          {strings.objectOthers(kind)}
        </button>
      }
    >
      <p>{forbidden ? strings.objectForbiddenHint : roomStrings.objectMissingHint}</p>
    </Notice>
  );
}

function Actions({ target }: { readonly target: ActionTarget }): ReactElement {
  useActionKeys(useMemo(() => [target], [target]));
  return <ActionBar target={target} />;
}

/** Where the object's like are listed. */
const othersOf = ({ kind, namespace }: ObjectUrl): string =>
  formatView({ kind, ...(namespace !== undefined && { namespaces: [namespace] }) });

function usePageKeys(url: ObjectUrl, go: (change: Partial<ObjectUrl>) => void): void {
  const [, navigate] = useLocation();
  const shows = (keys: string, tab: ObjectTab): Parameters<typeof useKeys>[0][number] => ({
    keys,
    label: strings.tabKey(strings.tabs[tab]),
    group: strings.keys,
    run: () => go({ tab, edit: false }),
  });
  useKeys([
    ...OBJECT_TABS.map((tab, index) => shows(String(index + 1), tab)),
    shows('y', 'yaml'),
    { keys: 'e', label: strings.editKey, group: strings.keys, run: () => go({ tab: 'yaml', edit: true }) },
    {
      keys: 'Escape',
      label: strings.backKey,
      group: strings.keys,
      run: () => navigate(othersOf(url)),
    },
  ]);
}
