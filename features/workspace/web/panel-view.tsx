import { Suspense, useState, type ComponentType, type ReactElement, type ReactNode } from 'react';
import { Link } from 'wouter';
import { lazyPart } from '@krateyard/ui/page/lazy-part';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { Freshness } from '@krateyard/ui/parts/freshness.tsx';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { IconButton } from '@krateyard/ui/parts/icon-button.tsx';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { objectHref, type ObjectTab } from '@krateyard/ui/page/object-href';
import type { ObjectBodyProps } from './object/object-body.tsx';
import { ObjectPages } from './object/object-pages.tsx';
import { ObjectTabs } from './object/tabs.tsx';
import { objectStrings } from './object/object-strings.ts';
import type { FollowedObject } from './object/use-object.ts';
import { strings } from './strings.ts';
import './object-panel.css';

const YamlView = lazyPart(async () => ({ default: (await import('./yaml-view.tsx')).YamlView }));
const loadBody = async (): Promise<{ default: ComponentType<ObjectBodyProps> }> => ({
  default: (await import('./object/object-body.tsx')).ObjectBody,
});
const ObjectBody = lazyPart(loadBody);

/** What the side panel shows of the object that it follows: what its page shows, narrower. */
export function PanelView(props: {
  readonly kind: string;
  readonly objectKey: string;
  readonly followed: FollowedObject;
  readonly tab: ObjectTab;
  readonly onTab: (tab: ObjectTab) => void;
  readonly onClose: () => void;
  /** Above what every tab shows. */
  readonly note?: ReactNode;
  /** Below the summary. */
  readonly more?: ReactNode;
}): ReactElement {
  const { kind, objectKey, followed, tab, onTab, onClose, note, more } = props;
  const { head, truth, object, gone } = followed;
  const slash = objectKey.indexOf('/');
  const name = objectKey.slice(slash + 1);
  const namespace = slash === -1 ? undefined : objectKey.slice(0, slash);
  return (
    <aside className="panel" aria-label={`${strings.details}: ${name}`}>
      <header className="panel-head">
        <div className="panel-title">
          <small>{head?.kind.kind ?? kind}</small>
          <h2 dir="auto">{name}</h2>
        </div>
        <Freshness truth={truth} />
        <Link
          href={objectHref(kind, namespace, name, tab)}
          className="panel-page"
          aria-label={objectStrings.openPage}
          title={objectStrings.openPage}
        >
          <Icon name="expand" />
        </Link>
        <IconButton icon="close" label={strings.closeDetails} onPress={onClose} />
      </header>
      <ObjectTabs tab={tab} onTab={onTab} />
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so Tab must reach it */}
      <div tabIndex={0} className="panel-body" role="tabpanel" aria-label={objectStrings.tabs[tab]}>
        {note}
        {gone && <p className="gone-line">{strings.objectGone}</p>}
        <ObjectPages followed={followed} />
        <PanelContent followed={followed} tab={tab} />
        {tab === 'summary' && more}
        {!object && truth.state !== 'loading' && (
          <Notice
            icon="search"
            title={strings.objectMissing(name)}
            status={'status' in truth ? truth.status : undefined}
          >
            <p>{strings.objectMissingHint}</p>
          </Notice>
        )}
      </div>
    </aside>
  );
}

function PanelContent(props: {
  readonly followed: FollowedObject;
  readonly tab: ObjectTab;
}): ReactElement | null {
  const { head, object, gone, columns, cells } = props.followed;
  const [container, setContainer] = useState<string>();
  if (!object || !head) return null;
  if (props.tab === 'yaml') return <Yaml object={object} />;
  return (
    <Suspense fallback={<p className="panel-wait">{strings.loading}</p>}>
      <ObjectBody
        object={object}
        kind={head.kind}
        columns={columns}
        cells={cells}
        tab={props.tab}
        gone={gone}
        dense
        container={container}
        onContainer={setContainer}
      />
    </Suspense>
  );
}

function Yaml({ object }: { readonly object: LiveObject }): ReactElement {
  return (
    <Suspense fallback={<p className="panel-wait">{strings.loading}</p>}>
      <YamlView object={object} />
    </Suspense>
  );
}
