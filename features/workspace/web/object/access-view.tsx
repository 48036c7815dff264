import type { ReactElement } from 'react';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import type { LiveHead } from '@krateyard/ui/live/live-source';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import type { AccessSubject, GrantPath, WhoCan } from '../../contract/who-can.ts';
import { USUAL_VERBS } from './facts/access-facts.ts';
import { objectStrings as strings } from './object-strings.ts';
import { MiniTable, ObjectLink, Section } from '@krateyard/ui/parts/facts.tsx';
import { useAsked } from '@krateyard/ui/live/use-asked';

const AGAIN_MS = 60_000;
const RBAC = 'rbac.authorization.k8s.io/v1';

/** Who may do what to this one object, by which binding and role; and what of that is not known. */
export function AccessView(props: {
  readonly object: LiveObject;
  readonly kind: LiveHead['kind'];
}): ReactElement {
  const { object, kind } = props;
  const { name = '', namespace } = object.metadata;
  const query = new URLSearchParams({
    kind: kind.path,
    name,
    ...(namespace !== undefined && { ns: namespace }),
  });
  const asked = useAsked<WhoCan>(`/api/who-can?${query}`, { everyMs: AGAIN_MS });
  const { answer } = asked;
  if (!answer) {
    if (asked.state !== 'failed') return <p className="panel-wait">{strings.loading}</p>;
    return <Notice icon="unplugged" tone="warn" title={strings.accessTitle} status={asked.status} />;
  }
  const { subjects, total, unseen, bindingsWithoutRole } = answer;
  return (
    <>
      {subjects.length === 0 ? (
        <Notice icon="person" title={strings.accessNobody}>
          <p>{strings.accessNobodyHint}</p>
        </Notice>
      ) : (
        <Section title={strings.accessTitle} aside={total}>
          <MiniTable
            label={strings.accessTitle}
            rows={subjects}
            keyOf={(subject) => `${subject.kind} ${subject.namespace ?? ''} ${subject.name}`}
            columns={[
              { title: strings.subject, render: (subject) => <Subject subject={subject} /> },
              ...USUAL_VERBS.map((verb) => ({
                title: verb,
                render: (subject: AccessSubject) => <Verb subject={subject} verb={verb} />,
              })),
              { title: strings.otherVerbs, render: (subject) => othersOf(subject).join('; ') },
              {
                title: strings.through,
                render: ({ via }) => via.map((path) => <Through key={JSON.stringify(path)} path={path} />),
              },
            ]}
          />
        </Section>
      )}
      <p className="absent">
        {strings.accessNote} {unseen.length > 0 && strings.accessUnseen(unseen.join(', '))}{' '}
        {bindingsWithoutRole > 0 && strings.accessNoRole(bindingsWithoutRole)}
      </p>
    </>
  );
}

function Subject({ subject }: { readonly subject: AccessSubject }): ReactElement {
  const { kind, name, namespace } = subject;
  return (
    <>
      <small className="absent">{kind}</small>{' '}
      {kind === 'ServiceAccount' && namespace !== undefined ? (
        <ObjectLink kind="v1/serviceaccounts" namespace={namespace} name={name}>
          {namespace}/{name}
        </ObjectLink>
      ) : (
        <b>{name}</b>
      )}
    </>
  );
}

function Verb({ subject, verb }: { readonly subject: AccessSubject; readonly verb: string }): ReactElement {
  const may = subject.grants.some(
    (grant) => grant.subresource === undefined && (grant.verb === verb || grant.verb === '*'),
  );
  return may ? (
    <>
      <Icon name="check" />
      <span className="only-spoken">yes</span>
    </>
  ) : (
    <span className="only-spoken">no</span>
  );
}

/** Verbs that few know, then those on each subresource: `exec: create, get`. */
function othersOf({ grants }: AccessSubject): readonly string[] {
  if (grants.some(({ verb, subresource }) => verb === '*' && subresource === '*'))
    return [strings.everything];
  const others = grants.filter(
    ({ verb, subresource }) =>
      subresource !== undefined || verb === '*' || !USUAL_VERBS.some((usual) => usual === verb),
  );
  const byPart = Map.groupBy(others, ({ subresource }) => subresource);
  return Array.from(byPart, ([part, own]) => {
    const verbs = [...new Set(own.map(({ verb }) => verb))].join(', ');
    if (part === undefined) return verbs;
    return `${part === '*' ? strings.everySubresource : part}: ${verbs}`;
  });
}

function Through({ path }: { readonly path: GrantPath }): ReactElement {
  const { binding, role } = path;
  const kind = binding.kind === 'RoleBinding' ? 'rolebindings' : 'clusterrolebindings';
  const roleKind = role.kind === 'Role' ? 'roles' : 'clusterroles';
  return (
    <div>
      <ObjectLink
        kind={`${RBAC}/${roleKind}`}
        namespace={role.kind === 'Role' ? binding.namespace : undefined}
        name={role.name}
      />{' '}
      <small className="absent">
        {strings.accessBinding}{' '}
        <ObjectLink kind={`${RBAC}/${kind}`} namespace={binding.namespace} name={binding.name} />
      </small>
    </div>
  );
}
