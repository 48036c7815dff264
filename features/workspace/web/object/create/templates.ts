import type { CreateForm } from './forms/form-spec.ts';
import { firstValues } from './forms/form-spec.ts';
import { formText } from './forms/form-text.ts';
import {
  claimForm,
  configMapForm,
  ingressForm,
  namespaceForm,
  secretForm,
  serviceForm,
} from './forms/other-forms.ts';
import { cronJobForm, deploymentForm, jobForm } from './forms/workload-forms.ts';

/** What one can begin from; with a form, or as YAML alone. */
export interface Template {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly form?: CreateForm;
}

const ofForm = (form: CreateForm): Template => ({
  id: form.id,
  title: form.title,
  text: formText(form, firstValues(form)),
  form,
});

export const TEMPLATES: readonly Template[] = [
  ...[
    deploymentForm,
    jobForm,
    cronJobForm,
    serviceForm,
    ingressForm,
    configMapForm,
    secretForm,
    claimForm,
    namespaceForm,
  ].map(ofForm),
  {
    id: 'role',
    title: 'Role and binding',
    text: `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: pod-reader
rules:
  - apiGroups: ['']
    resources: [pods, pods/log]
    verbs: [get, list, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: pod-readers
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: pod-reader
subjects:
  - kind: User
    apiGroup: rbac.authorization.k8s.io
    name: somebody@example.com
`,
  },
];

/** What makes objects of a kind, by its path (`deployments`, `apps/v1/deployments`). */
export function templateOfKind(path: string): Template | undefined {
  const parts = path.split('/');
  const plural = parts.at(-1);
  const group = parts.length === 3 ? parts[0]! : '';
  return TEMPLATES.find(
    ({ form }) =>
      form &&
      form.kind.split('/')[1] === plural &&
      (parts.length === 1 || form.kind === `${group}/${plural}`),
  );
}
