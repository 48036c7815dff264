import type { ReactElement } from 'react';
import type { CollectionView } from '@krateyard/ui/live/live-collection';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import type { LiveHead } from '@krateyard/ui/live/live-source';
import type { Truth } from '@krateyard/ui/live/truth';
import { NothingKnown, RightLost } from '@krateyard/ui/parts/live-notices.tsx';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { LoadingRows } from '@krateyard/ui/table/loading-rows.tsx';
import { strings as uiStrings } from '@krateyard/ui/strings';
import { strings } from './strings.ts';
import type { ViewUrl } from './view-url.ts';

interface TableStateProps {
  readonly truth: Truth;
  readonly view: CollectionView<LiveHead>;
  readonly url: ViewUrl;
  readonly go: (change: Partial<ViewUrl>) => void;
  readonly onRetry: () => void;
}

/** What stands where rows would, when there are none: why, and what to do. */
export function TableState(props: TableStateProps): ReactElement {
  const { truth, view, url } = props;
  switch (truth.state) {
    case 'loading':
      return <LoadingRows />;
    case 'lost':
      return <RightLost status={truth.status} actions={<Retry {...props} />} />;
    case 'failed':
      return <Refused {...props} status={truth.status} />;
    case 'disconnected':
      if (view.phase === 'ready') return <Empty {...props} />;
      return <NothingKnown />;
    case 'live':
    case 'lagging':
      return <Empty {...props} key={url.kind} />;
  }
}

function Empty({ view, url, go }: TableStateProps): ReactElement {
  const kind = view.head?.kind.resource ?? url.kind;
  if (url.filter !== '') {
    return (
      <Notice
        icon="search"
        title={strings.noMatchTitle}
        actions={
          <button type="button" onClick={() => go({ filter: '' })}>
            {uiStrings.clearFilter}
          </button>
        }
      >
        <p>{strings.noMatch(url.filter)}</p>
      </Notice>
    );
  }
  const everywhere = url.namespaces.length === 0;
  return (
    <Notice
      icon="boxes"
      title={strings.emptyTitle(kind)}
      actions={
        !everywhere && (
          <button type="button" onClick={() => go({ namespaces: [] })}>
            {strings.showAll}
          </button>
        )
      }
    >
      <p>{everywhere ? strings.emptyCluster : strings.emptyNamespaces(url.namespaces.join(', '))}</p>
    </Notice>
  );
}

function Refused(props: TableStateProps & { readonly status: LiveStatus }): ReactElement {
  const { status, url, go } = props;
  const retry = <Retry {...props} />;
  switch (status.reason) {
    case 'Forbidden':
      return (
        <Notice
          icon="lock"
          tone="warn"
          title={strings.forbiddenTitle(url.kind)}
          status={status}
          actions={retry}
        >
          <p>{strings.forbidden}</p>
        </Notice>
      );
    case 'NotFound':
      return (
        <Notice
          icon="search"
          tone="warn"
          title={strings.unknownTitle(url.kind)}
          status={status}
          actions={retry}
        >
          <p>{strings.unknown}</p>
        </Notice>
      );
    case 'BadRequest':
    case 'Invalid':
      return (
        <Notice
          icon="search"
          tone="warn"
          title={strings.badFilterTitle}
          status={status}
          actions={
            <button type="button" onClick={() => go({ filter: '', sort: undefined })}>
              {uiStrings.clearFilter}
            </button>
          }
        />
      );
    default:
      return (
        <Notice
          icon="unplugged"
          tone="bad"
          title={strings.failedTitle(url.kind)}
          status={status}
          actions={retry}
        >
          <p>{strings.failed}</p>
        </Notice>
      );
  }
}

function Retry({ onRetry }: TableStateProps): ReactElement {
  return (
    <button type="button" onClick={onRetry}>
      {uiStrings.tryAgain}
    </button>
  );
}
