import type { ReactElement, ReactNode } from 'react';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { fieldsAt, listAt, textAt } from '../../../contract/columns/read.ts';
import { roleLines, subjectsOf, USUAL_VERBS, type RoleLine } from '../facts/access-facts.ts';
import { objectStrings as strings } from '../object-strings.ts';
import { Chips, Fact, Facts, MiniTable, ObjectLink, Section } from '@krateyard/ui/parts/facts.tsx';
import type { SummaryProps } from './summary-props.ts';

const RBAC = 'rbac.authorization.k8s.io/v1';

/** Roles and ClusterRoles: what may be done to what, as a matrix. */
export function RoleSummary({ object: role }: SummaryProps): ReactElement {
  const lines = roleLines(role);
  const gathered = listAt(role, 'aggregationRule', 'clusterRoleSelectors').map((selector) =>
    Object.entries(fieldsAt(selector, 'matchLabels'))
      .map(([key, value]) => `${key}=${String(value)}`)
      .join(','),
  );
  return (
    <>
      {gathered.length > 0 && (
        <p className="absent">
          {strings.aggregated} <Chips items={gathered} />
        </p>
      )}
      <Section title={strings.permissions} aside={lines.length}>
        <MiniTable
          label={strings.permissions}
          rows={lines}
          keyOf={({ what, names }) => `${what} ${names.join()}`}
          columns={[
            { title: strings.resource, render: (line) => <What line={line} /> },
            ...USUAL_VERBS.map((verb) => ({ title: verb, render: (line: RoleLine) => mark(line, verb) })),
            {
              title: strings.otherVerbs,
              render: ({ all, otherVerbs }) => (all ? strings.everything : otherVerbs.join(', ')),
            },
          ]}
        />
      </Section>
    </>
  );
}

function What({ line }: { readonly line: RoleLine }): ReactElement {
  return (
    <>
      <span className="mono">{line.what}</span>
      {line.names.length > 0 && <small className="absent"> {strings.onlyNamed(line.names.join(', '))}</small>}
    </>
  );
}

function mark({ all, verbs }: RoleLine, verb: string): ReactNode {
  if (!all && !verbs.has(verb)) return <span className="only-spoken">no</span>;
  return (
    <>
      <Icon name="check" />
      <span className="only-spoken">yes</span>
    </>
  );
}

export function BindingSummary({ object: binding }: SummaryProps): ReactElement {
  const { namespace } = binding.metadata;
  const roleKind = textAt(binding, 'roleRef', 'kind') ?? '';
  const role = textAt(binding, 'roleRef', 'name') ?? '';
  const subjects = subjectsOf(binding);
  return (
    <>
      <Facts>
        <Fact title={strings.role}>
          {roleKind}{' '}
          <ObjectLink
            kind={`${RBAC}/${roleKind === 'Role' ? 'roles' : 'clusterroles'}`}
            namespace={roleKind === 'Role' ? namespace : undefined}
            name={role}
          />
        </Fact>
      </Facts>
      <Section title={strings.subjects} aside={subjects.length}>
        <MiniTable
          label={strings.subjects}
          rows={subjects}
          keyOf={(subject) => `${subject.kind} ${subject.namespace ?? ''} ${subject.name}`}
          columns={[
            { title: strings.kind, render: ({ kind }) => kind },
            {
              title: 'Name',
              render: ({ kind, name, namespace: home }) =>
                kind === 'ServiceAccount' ? (
                  <ObjectLink kind="v1/serviceaccounts" namespace={home ?? namespace} name={name}>
                    {home ?? namespace}/{name}
                  </ObjectLink>
                ) : (
                  name
                ),
            },
          ]}
        />
      </Section>
    </>
  );
}
