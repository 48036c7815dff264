import { fieldValue, parseFieldSelector, type FieldRequirement } from '@krateyard/kube/meta/field-selector';
import {
  matchesLabels,
  parseLabelSelector,
  SelectorSyntaxError,
  type LabelRequirement,
} from '@krateyard/kube/meta/label-selector';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { badRequest } from './api-errors.ts';
import type { ResourceDefinition } from './resource-definition.ts';

/** What a list or watch asks for; `undefined` parts ask for everything. */
export interface ObjectFilter {
  readonly labels: readonly LabelRequirement[];
  readonly fields: readonly FieldRequirement[];
}

export function parseFilter(
  definition: ResourceDefinition,
  labelSelector: string | undefined,
  fieldSelector: string | undefined,
): ObjectFilter {
  return {
    labels: parsed('label', labelSelector ?? '', parseLabelSelector),
    fields: parsed('field', fieldSelector ?? '', parseFieldSelector).map((requirement) => {
      checkFieldLabel(definition, requirement.path);
      return requirement;
    }),
  };
}

export function matchesFilter(
  definition: ResourceDefinition,
  filter: ObjectFilter,
  object: KubeObject,
): boolean {
  return (
    matchesLabels(filter.labels, object.metadata.labels) &&
    filter.fields.every(
      ({ path, operator, value }) => (labelValue(definition, object, path) === value) === (operator === '='),
    )
  );
}

export function selectsEverything(filter: ObjectFilter): boolean {
  return filter.labels.length === 0 && filter.fields.length === 0;
}

/** The name that a `metadata.name=x` selector asks for: such a list is authorized like a get, and costs one look-up. */
export function selectedName(filter: ObjectFilter): string | undefined {
  return filter.fields.find(({ path, operator }) => path === 'metadata.name' && operator === '=')?.value;
}

function checkFieldLabel(definition: ResourceDefinition, label: string): void {
  const always = label === 'metadata.name' || (label === 'metadata.namespace' && definition.namespaced);
  if (!always && !definition.selectableFields.includes(label))
    throw badRequest(`field label not supported: ${label}`);
}

/** Labels that are no paths, or that have a value where the field is absent. */
function labelValue(definition: ResourceDefinition, object: KubeObject, label: string): string {
  const value = fieldValue(object, label);
  if (value !== '' || definition.custom) return value;
  switch (`${definition.resource} ${label}`) {
    case 'events source':
      return fieldValue(object, 'source.component') || fieldValue(object, 'reportingComponent');
    case 'events reportingComponent':
      return fieldValue(object, 'reportingComponent');
    case 'pods spec.hostNetwork':
    case 'nodes spec.unschedulable':
      return 'false';
    case 'jobs status.successful':
      return fieldValue(object, 'status.succeeded') || '0';
    case 'replicasets status.replicas':
    case 'replicationcontrollers status.replicas':
      return '0';
    default:
      return '';
  }
}

function parsed<T>(kind: 'label' | 'field', text: string, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof SelectorSyntaxError)) throw error;
    throw badRequest(`unable to parse ${kind} selector "${text}": ${error.message}`);
  }
}
