import { useEffect, type ReactElement } from 'react';
import { Link, useParams } from 'wouter';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { vmHref } from '../vm-address.ts';
import { readScreenAddress } from './screen-address.ts';
import { screenStrings as strings } from './screen-strings.ts';
import { ScreenView } from './screen-view.tsx';

/** A screen on a page of its own: `/vms/{namespace}/{name}/screen`. */
export function ScreenPage(): ReactElement {
  const { namespace = '', name = '' } = useParams<{ namespace?: string; name?: string }>();
  const address = readScreenAddress({ namespace, name });
  useEffect(() => {
    document.title = strings.documentTitle(name);
  }, [name]);
  if (!address) {
    return (
      <Notice icon="screen" title={strings.missingTitle}>
        <p>{strings.missing}</p>
      </Notice>
    );
  }
  return (
    <div className="screen-page">
      <ScreenView
        key={`${address.namespace}/${address.name}`}
        address={address}
        title={
          <Link href={vmHref(address.namespace, name)} title={strings.toMachine(name)}>
            {name}
          </Link>
        }
        shown
        takesFocus
        ownsFull
      />
    </div>
  );
}
