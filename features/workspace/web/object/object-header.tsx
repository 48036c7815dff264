import type { ReactElement, ReactNode } from 'react';
import { Link } from 'wouter';
import { Age } from '@krateyard/ui/parts/age.tsx';
import { Freshness } from '@krateyard/ui/parts/freshness.tsx';
import { IconButton } from '@krateyard/ui/parts/icon-button.tsx';
import { Status } from '@krateyard/ui/parts/status-mark.tsx';
import type { StatusWord } from '@krateyard/ui/words/status-vocabulary';
import { dateAt } from '../../contract/columns/read.ts';
import { objectHref } from '@krateyard/ui/page/object-href';
import { formatView } from '../view-url.ts';
import { copyQuoted } from './copy-quoted.ts';
import { ObjectPages } from './object-pages.tsx';
import { objectStrings as strings } from './object-strings.ts';
import type { FollowedObject } from './use-object.ts';

/** What it is called, how it is, how old, how current; and what can be done with it. */
export function ObjectHeader(props: {
  readonly kindPath: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly followed: FollowedObject;
  readonly actions?: ReactNode;
}): ReactElement {
  const { kindPath, namespace, name, followed, actions } = props;
  const { head, truth, object } = followed;
  const kind = head?.kind;
  const status = statusCell(followed);
  const created = object && dateAt(object, 'metadata', 'creationTimestamp');
  return (
    <header className="object-head">
      <div className="object-place">
        <Link
          href={formatView({ kind: kindPath, ...(namespace !== undefined && { namespaces: [namespace] }) })}
        >
          {kind?.kind ?? kindPath}
        </Link>
        {namespace !== undefined && (
          <>
            <span aria-hidden="true">/</span>
            <Link href={objectHref('namespaces', undefined, namespace)} dir="auto">
              {namespace}
            </Link>
          </>
        )}
      </div>
      <div className="object-title">
        <h1 dir="auto">{name}</h1>
        <IconButton icon="copy" label={strings.copyName} onPress={() => copyQuoted(name)} />
      </div>
      <div className="object-facts">
        {status && <Status word={status.word} text={status.text} />}
        {created !== undefined && created !== null && (
          <span>
            {strings.age} <Age at={created} />
          </span>
        )}
        <ObjectPages followed={followed} />
        <Freshness truth={truth} />
      </div>
      <div className="object-actions">{actions}</div>
    </header>
  );
}

function statusCell({
  columns,
  cells,
}: FollowedObject): { readonly word: StatusWord; readonly text: string } | undefined {
  const at = columns.findIndex(({ type }) => type === 'status');
  const cell = at === -1 ? undefined : cells[at];
  return typeof cell === 'object' && cell !== null ? cell : undefined;
}
