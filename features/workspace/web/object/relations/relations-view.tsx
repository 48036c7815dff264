import { useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { Link } from 'wouter';
import type { LiveHead } from '@krateyard/ui/live/live-source';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { StatusMark } from '@krateyard/ui/parts/status-mark.tsx';
import { formatCount } from '@krateyard/ui/words/format-time';
import type { Related, RelationGroup, RelationList } from '../../../contract/relations.ts';
import { objectHref } from '@krateyard/ui/page/object-href';
import { objectStrings as strings } from '../object-strings.ts';
import { useAsked } from '@krateyard/ui/live/use-asked';
import { neighbour } from './neighbour.ts';
import { relationWords } from './relation-words.ts';
import './relations.css';

const AGAIN_MS = 15_000;

/** What an object owns, uses, selects and the other way round, as columns with lines between; every node is a way on. */
export function RelationsView(props: {
  readonly object: LiveObject;
  readonly kind: LiveHead['kind'];
  readonly dense: boolean;
}): ReactElement {
  const { object, kind, dense } = props;
  const { name = '', namespace } = object.metadata;
  const query = new URLSearchParams({
    kind: kind.path,
    name,
    ...(namespace !== undefined && { ns: namespace }),
  });
  const asked = useAsked<RelationList>(`/api/relations?${query}`, {
    again: object.metadata['resourceVersion'],
    everyMs: AGAIN_MS,
  });
  const { answer } = asked;
  if (!answer) {
    if (asked.state !== 'failed') return <p className="panel-wait">{strings.loading}</p>;
    return <Notice icon="unplugged" tone="warn" title={strings.relationsFailed} status={asked.status} />;
  }
  const unseen = answer.unseen.map((one) => one.path.split('/').at(-1)).join(', ');
  return (
    <>
      {answer.groups.length === 0 ? (
        <Notice icon="search" title={strings.noRelations}>
          <p>{strings.noRelationsHint}</p>
        </Notice>
      ) : (
        <Graph groups={answer.groups} name={name} kindName={kind.kind} dense={dense} />
      )}
      {unseen !== '' && <p className="absent">{strings.relationsUnseen(unseen)}</p>}
    </>
  );
}

interface Line {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

function Graph(props: {
  readonly groups: readonly RelationGroup[];
  readonly name: string;
  readonly kindName: string;
  readonly dense: boolean;
}): ReactElement {
  const { groups, name, kindName, dense } = props;
  const root = useRef<HTMLDivElement>(null);
  const lines = useLines(root, groups);
  const towards = groups.filter(({ direction }) => direction === 'from');
  const onwards = groups.filter(({ direction }) => direction === 'to');
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const next = root.current && neighbour(root.current, document.activeElement, event.key);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    next.focus();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrow keys move among the links inside
    <div
      className={`graph${dense ? ' graph-dense' : ''}${towards.length === 0 ? ' graph-root' : ''}`}
      ref={root}
      role="group"
      aria-label={strings.graph}
      onKeyDown={onKeyDown}
    >
      <svg className="graph-lines" aria-hidden="true">
        {lines.map(({ from, to }) => (
          <path key={`${from.join()} ${to.join()}`} d={curve(from, to)} />
        ))}
      </svg>
      {towards.length > 0 && <GraphColumn groups={towards} side="from" />}
      <div className="graph-middle">
        <div className="graph-self" data-self>
          <small>{kindName}</small>
          <b dir="auto">{name}</b>
        </div>
      </div>
      <GraphColumn groups={onwards} side="to" />
    </div>
  );
}

function GraphColumn(props: {
  readonly groups: readonly RelationGroup[];
  readonly side: 'from' | 'to';
}): ReactElement {
  const { groups, side } = props;
  return (
    <div className={`graph-column graph-${side}`} data-column={side}>
      {groups.map((group) => (
        <section key={`${group.relation} ${group.kind.path}`} className="graph-group" data-group={side}>
          <h3>
            <em>{relationWords(group)}</em> {group.kind.kind}
            {group.total > 1 && <small>{formatCount(group.total)}</small>}
          </h3>
          <ul>
            {group.items.map((item) => (
              <li key={`${item.namespace ?? ''}/${item.name}`}>
                <GraphNode group={group} item={item} />
              </li>
            ))}
          </ul>
          {group.total > group.items.length && (
            <p className="absent">{strings.more(group.total - group.items.length)}</p>
          )}
        </section>
      ))}
    </div>
  );
}

const STATES: Readonly<Record<Related['state'], string | undefined>> = {
  present: undefined,
  missing: strings.missing,
  unseen: strings.unseen,
};

function GraphNode({ group, item }: { readonly group: RelationGroup; readonly item: Related }): ReactElement {
  const { name, namespace, state, status, as } = item;
  const words = STATES[state];
  const inside = (
    <>
      {status && <StatusMark word={status.word} />}
      <span className="clip" dir="auto">
        {name}
      </span>
      {status && status.word !== 'Running' && <small>{status.text}</small>}
      {words !== undefined && <small className={state === 'missing' ? 'tone-bad' : 'absent'}>{words}</small>}
      {as !== undefined && <small className="clip graph-as">{as}</small>}
    </>
  );
  return (
    <Link
      href={objectHref(group.kind.path, namespace, name, 'relations')}
      className={`graph-node graph-${state}`}
      title={namespace === undefined ? name : `${namespace}/${name}`}
      data-node
    >
      {inside}
    </Link>
  );
}

/** From the object in the middle to every group; measured, as groups are as high as they are full. */
function useLines(
  root: { readonly current: HTMLElement | null },
  groups: readonly RelationGroup[],
): readonly Line[] {
  const [lines, setLines] = useState<readonly Line[]>([]);
  useLayoutEffect(() => {
    const element = root.current;
    if (!element) return undefined;
    const measure = (): void => setLines(measured(element));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [root, groups]);
  return lines;
}

function measured(root: HTMLElement): readonly Line[] {
  const frame = root.getBoundingClientRect();
  const self = root.querySelector('[data-self]')?.getBoundingClientRect();
  if (!self) return [];
  const middle = self.top + self.height / 2 - frame.top;
  return [...root.querySelectorAll<HTMLElement>('[data-group]')].map((group) => {
    const box = group.getBoundingClientRect();
    const before = group.dataset['group'] === 'from';
    const at: readonly [number, number] = [
      (before ? box.right : box.left) - frame.left,
      box.top + 14 - frame.top,
    ];
    const own: readonly [number, number] = [(before ? self.left : self.right) - frame.left, middle];
    return before ? { from: at, to: own } : { from: own, to: at };
  });
}

function curve([x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number]): string {
  const half = (x1 + x2) / 2;
  return `M${x1} ${y1}C${half} ${y1} ${half} ${y2} ${x2} ${y2}`;
}
