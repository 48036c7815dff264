import { parseKindPath } from '../../../contract/kind-path.ts';
import { roleBindingForm, roleForm, serviceAccountForm } from './forms/access-forms.ts';
import {
  claimForm,
  configMapForm,
  limitRangeForm,
  namespaceForm,
  quotaForm,
  secretForm,
} from './forms/config-forms.ts';
import type { CreateForm } from './forms/form-spec.ts';
import { ingressForm, networkPolicyForm, serviceForm } from './forms/network-forms.ts';
import {
  cronJobForm,
  daemonSetForm,
  deploymentForm,
  disruptionForm,
  jobForm,
  scalerForm,
  statefulSetForm,
} from './forms/workload-forms.ts';
import type { Document } from './documents.ts';

/** What one can begin from, as people look for it. */
export const FORMS: readonly CreateForm[] = [
  deploymentForm,
  statefulSetForm,
  daemonSetForm,
  jobForm,
  cronJobForm,
  serviceForm,
  ingressForm,
  networkPolicyForm,
  configMapForm,
  secretForm,
  claimForm,
  serviceAccountForm,
  roleForm,
  roleBindingForm,
  namespaceForm,
  quotaForm,
  limitRangeForm,
  scalerForm,
  disruptionForm,
];

/** What makes objects of a kind, by its path (`pvcs`, `apps/v1/deployments`) or its plural alone. */
export function formOfKind(path: string): CreateForm | undefined {
  const known = parseKindPath(path);
  return FORMS.find(({ kind }) =>
    known ? kind === `${known.group}/${known.resource}` : kind.split('/')[1] === path,
  );
}

/** The forms of what stands in a text: of each document the one that makes it first. */
export function formsOf(documents: readonly Document[]): readonly CreateForm[] {
  const found = documents.flatMap(
    ({ apiVersion, kind }) =>
      FORMS.find(({ parts: [first] }) => first?.apiVersion === apiVersion && first.kind === kind) ?? [],
  );
  return [...new Set(found)];
}
