import { areWords, isName, orEmpty } from './form-checks.ts';
import { choice, field, inPart, line, nameField, needed, withPart, yesNo } from './form-fields.ts';
import { ofOnlyItem, subjectKind, unlessNo, words } from './field-shapes.ts';
import type { CreateForm, FormField } from './form-spec.ts';
import { formStrings as strings } from './form-strings.ts';

export const serviceAccountForm: CreateForm = {
  id: 'serviceaccount',
  group: 'access',
  title: 'Service account',
  kind: '/serviceaccounts',
  parts: [{ apiVersion: 'v1', kind: 'ServiceAccount', start: { metadata: {} } }],
  fields: [
    nameField('robot'),
    field('text', ofOnlyItem('name'), ['pullSecret', strings.pullSecret, 'imagePullSecrets'], '', {
      placeholder: strings.none,
      check: orEmpty(isName),
      wide: true,
    }),
    {
      ...yesNo(['token', strings.automount, 'automountServiceAccountToken'], 'yes'),
      shape: unlessNo,
    },
  ],
};

const GROUP = 'rbac.authorization.k8s.io';
const binding = { metadata: {}, roleRef: { apiGroup: GROUP }, subjects: [{}] };

/** To whom a binding gives its role. */
function subjectFields(part: number, more: Partial<FormField> = {}): readonly FormField[] {
  return [
    field('choice', subjectKind, ['subjectKind', strings.subjectKind, inPart(part, 'subjects.0')], 'User', {
      options: ['User', 'Group', 'ServiceAccount'],
      ...more,
    }),
    needed(
      ['subject', strings.subject, inPart(part, 'subjects.0.name')],
      'somebody@example.com',
      undefined,
      more,
    ),
    line(['subjectNamespace', strings.subjectNamespace, inPart(part, 'subjects.0.namespace')], '', {
      hint: strings.subjectNamespaceHint,
      check: orEmpty(isName),
      wide: true,
      ...more,
    }),
  ];
}

export const roleForm: CreateForm = {
  id: 'role',
  group: 'access',
  title: 'Role and binding',
  kind: `${GROUP}/roles`,
  parts: [
    { apiVersion: `${GROUP}/v1`, kind: 'Role', start: { metadata: {}, rules: [{}] } },
    {
      apiVersion: `${GROUP}/v1`,
      kind: 'RoleBinding',
      start: { ...binding, roleRef: { ...binding.roleRef, kind: 'Role' } },
      within: 'binding',
    },
  ],
  fields: [
    nameField('pod-reader', isName, [inPart(1, 'metadata.name'), inPart(1, 'roleRef.name')]),
    field('text', words('core'), ['apiGroups', strings.apiGroups, 'rules.0.apiGroups'], 'core', {
      hint: strings.apiGroupsHint,
      check: areWords,
      wide: true,
    }),
    field('text', words(), ['resources', strings.resources, 'rules.0.resources'], 'pods, pods/log', {
      check: areWords,
      wide: true,
    }),
    field('text', words(), ['verbs', strings.verbs, 'rules.0.verbs'], 'get, list, watch', {
      check: areWords,
      wide: true,
    }),
    withPart('binding', strings.binding, 1),
    ...subjectFields(1, { within: 'binding' }),
  ],
};

export const roleBindingForm: CreateForm = {
  id: 'rolebinding',
  group: 'access',
  title: 'Role binding',
  kind: `${GROUP}/rolebindings`,
  parts: [{ apiVersion: `${GROUP}/v1`, kind: 'RoleBinding', start: binding }],
  fields: [
    nameField('viewers'),
    choice(['roleKind', strings.roleKind, 'roleRef.kind'], ['ClusterRole', 'Role']),
    needed(['roleName', strings.roleName, 'roleRef.name'], 'view'),
    ...subjectFields(0),
  ],
};
