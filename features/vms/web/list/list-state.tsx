import { useEffect, useState, type ReactElement } from 'react';
import { requestJson } from '@krateyard/ui/live/api-client';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import type { Truth } from '@krateyard/ui/live/truth';
import { NothingKnown, RightLost } from '@krateyard/ui/parts/live-notices.tsx';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { strings as uiStrings } from '@krateyard/ui/strings';
import { LoadingRows } from '@krateyard/ui/table/loading-rows.tsx';
import type { GoVms, VmsUrl } from '../vm-address.ts';
import { vmStrings as strings } from '../vm-strings.ts';

interface ListStateProps {
  readonly truth: Truth;
  /** Something is known, though none of it is shown. */
  readonly known: boolean;
  readonly url: VmsUrl;
  readonly go: GoVms;
  readonly problem: string | undefined;
  readonly onRetry: () => void;
}

/** What stands where machines would, when there are none: why, and what to do. */
export function ListState(props: ListStateProps): ReactElement {
  const { truth, known, problem } = props;
  switch (truth.state) {
    case 'loading':
      return <LoadingRows />;
    case 'lost':
      return <RightLost title={strings.lostTitle} status={truth.status} />;
    case 'failed':
      return <MachinesRefused status={truth.status} onRetry={props.onRetry} />;
    case 'disconnected':
      if (known) return <NoneShown {...props} />;
      return <NothingKnown />;
    case 'live':
    case 'lagging':
      return problem === undefined ? <NoneShown {...props} /> : <BadFilter {...props} problem={problem} />;
  }
}

function BadFilter({ problem, go }: ListStateProps & { readonly problem: string }): ReactElement {
  return (
    <Notice icon="filter" tone="warn" title={strings.badFilterTitle} actions={<Clear go={go} />}>
      <p>{problem}</p>
    </Notice>
  );
}

const Clear = ({ go }: { readonly go: GoVms }): ReactElement => (
  <button type="button" onClick={() => go({ filter: '' })}>
    {uiStrings.clearFilter}
  </button>
);

function NoneShown({ url, go }: ListStateProps): ReactElement {
  if (url.filter !== '') {
    return (
      <Notice icon="search" title={strings.noMatchTitle} actions={<Clear go={go} />}>
        <p>{strings.noMatch(url.filter)}</p>
      </Notice>
    );
  }
  const everywhere = url.namespaces.length === 0;
  return (
    <Notice
      icon="machine"
      title={strings.emptyTitle}
      actions={
        !everywhere && (
          <button type="button" onClick={() => go({ namespaces: [] })}>
            {strings.showAll}
          </button>
        )
      }
    >
      <p>{everywhere ? strings.empty : strings.emptyNamespaces(url.namespaces.join(', '))}</p>
    </Notice>
  );
}

/** Why machines cannot be shown: not allowed, no KubeVirt, or something failed. */
export function MachinesRefused(props: {
  readonly status: LiveStatus;
  readonly onRetry: () => void;
}): ReactElement {
  const { status, onRetry } = props;
  const lacks = useLacks(status.code === 503);
  const retry = (
    <button type="button" onClick={onRetry}>
      {uiStrings.tryAgain}
    </button>
  );
  if (status.reason === 'Forbidden') {
    return (
      <Notice icon="lock" tone="warn" title={strings.forbiddenTitle} status={status} actions={retry}>
        <p>{strings.forbidden}</p>
      </Notice>
    );
  }
  if (lacks !== undefined) {
    return (
      <Notice icon="machine" title={strings.darkTitle} actions={retry}>
        <p>{strings.dark}</p>
        <ul className="machine-lacks">
          {lacks.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </Notice>
    );
  }
  return (
    <Notice icon="unplugged" tone="bad" title={strings.failedTitle} status={status} actions={retry}>
      <p>{strings.failed}</p>
    </Notice>
  );
}

/** One of `/api/features`. */
interface FeatureState {
  readonly name: string;
  readonly state: string;
  readonly missing?: readonly { readonly problem: string; readonly purpose: string }[];
}

/** What the room lacks; undefined while it lacks nothing, or nobody knows. */
function useLacks(asked: boolean): readonly string[] | undefined {
  const [lacks, setLacks] = useState<readonly string[]>();
  useEffect(() => {
    if (!asked) return undefined;
    const stop = new AbortController();
    requestJson<{ readonly features: readonly FeatureState[] }>('/api/features', { signal: stop.signal })
      .then(({ features }) => {
        const room = features.find(({ name }) => name === 'vms');
        if (room?.state !== 'dark') return setLacks(undefined);
        setLacks((room.missing ?? []).map(({ problem, purpose }) => strings.lacks(problem, purpose)));
      })
      .catch(() => {
        // The status says why in any case.
      });
    return () => stop.abort();
  }, [asked]);
  return asked ? lacks : undefined;
}
