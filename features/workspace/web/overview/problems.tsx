import { useState, type ReactElement } from 'react';
import { Link } from 'wouter';
import { Age } from '@krateyard/ui/parts/age.tsx';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { StatusMark } from '@krateyard/ui/parts/status-mark.tsx';
import type { ProblemGroup } from '../../contract/overview.ts';
import { objectHref } from '@krateyard/ui/page/object-href';
import { mergeAlike, type AlikeProblems, type OverviewModel } from './overview-model.ts';
import { overviewStrings as strings } from './overview-strings.ts';

/** What is wrong, grouped by cause, worst first; or that nothing is. */
export function Problems({ model }: { readonly model: OverviewModel }): ReactElement {
  const { groups, ingredients } = model;
  const partly = [...ingredients.values()].some(({ state }) => state === 'forbidden' || state === 'dark');
  const critical = groups.filter(({ severity }) => severity === 'critical').length;
  return (
    <section className="overview-part" aria-labelledby="overview-wrong">
      <header className="overview-head">
        <h2 id="overview-wrong">{strings.wrong}</h2>
        {critical > 0 && <span className="tone-bad">{strings.critical(critical)}</span>}
        {groups.length > critical && (
          <span className="tone-warn">{strings.warnings(groups.length - critical)}</span>
        )}
      </header>
      {groups.length === 0 ? (
        <Well model={model} partly={partly} />
      ) : (
        <ul className="problem-groups">
          {groups.map((group) => (
            <Group key={group.cause} group={group} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Well({ model, partly }: { readonly model: OverviewModel; readonly partly: boolean }): ReactElement {
  const pods = model.phases.reduce((sum, [, count]) => sum + count, 0);
  return (
    <div className="all-well" role="status">
      <Icon name="check" />
      <p>
        <b>{strings.well}</b>
        {pods === 0
          ? strings.wellEmpty
          : `${strings.wellHere(pods, model.namespaces.length, model.nodes.length)}${partly ? `, ${strings.asFarAsSeen}` : ''}.`}
      </p>
    </div>
  );
}

/** Lines that stand without being asked for. */
const FIRST_LINES = { critical: 4, warning: 2 } as const;

function Group({ group }: { readonly group: ProblemGroup }): ReactElement {
  const [open, setOpen] = useState(false);
  const lines = mergeAlike(group.objects);
  const first = FIRST_LINES[group.severity];
  const shown = open ? lines : lines.slice(0, first);
  const hidden = lines.length - shown.length;
  const unlisted = group.count - group.objects.length;
  return (
    <li className={`problem-group problem-${group.severity}`} data-cause={group.cause}>
      <h3>
        <StatusMark word={group.severity === 'critical' ? 'Failed' : 'Pending'} />
        <span className="only-spoken">{group.severity}:</span>
        {strings.cause(group.cause)}
        <b className="problem-count">{group.count}</b>
      </h3>
      <ul className="problem-lines">
        {shown.map((line) => (
          <Line key={`${line.first.kind} ${line.first.namespace} ${line.first.name}`} line={line} />
        ))}
      </ul>
      {(hidden > 0 || (open && lines.length > first)) && (
        <button
          type="button"
          className="plain problem-more"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Icon name="chevron" />
          {open ? strings.less : strings.more(hidden + unlisted)}
        </button>
      )}
      {open && unlisted > 0 && (
        <p className="overview-note">{strings.listedOf(group.objects.length, group.count)}</p>
      )}
    </li>
  );
}

/** Names that a line tells before it only counts. */
const FIRST_NAMES = 3;

function Line({ line }: { readonly line: AlikeProblems }): ReactElement {
  const { first, names, since, restarts } = line;
  const { kind, namespace, reason, message } = first;
  return (
    <li className="problem-line">
      <span className="problem-what">
        {names.slice(0, FIRST_NAMES).map((name, index) => (
          <Link
            key={name}
            href={objectHref(kind, namespace, name)}
            className="problem-object"
            {...(index === 0 && { 'data-line': '' })}
          >
            {index === 0 && namespace !== undefined && (
              <span className="problem-namespace">{namespace}/</span>
            )}
            <bdi>{name}</bdi>
          </Link>
        ))}
        {names.length > FIRST_NAMES && (
          <span className="overview-dim">{strings.more(names.length - FIRST_NAMES)}</span>
        )}
      </span>
      <span className="problem-why">
        <b>{reason}</b>
        {restarts > 0 && <span className="overview-dim">{strings.restarts(restarts)}</span>}
        <span className="problem-message" title={message}>
          {message}
        </span>
      </span>
      <span className="problem-since">{since !== undefined && <Age at={since} />}</span>
    </li>
  );
}
