import type { FieldError } from '../schema/type-schema.ts';
import type { ResourceDefinition } from './resource-definition.ts';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const SERVICE = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end " +
  "with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an " +
  "alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SERVICE_RULE =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end " +
  "with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

interface NameRule {
  readonly pattern: RegExp;
  readonly text: string;
  readonly max: number;
}

const subdomain: NameRule = { pattern: SUBDOMAIN, text: SUBDOMAIN_RULE, max: 253 };
const label: NameRule = { pattern: LABEL, text: LABEL_RULE, max: 63 };
const service: NameRule = { pattern: SERVICE, text: SERVICE_RULE, max: 63 };

/** What is wrong with an object's name, in Kubernetes' words. */
export function checkName(definition: ResourceDefinition, name: string): FieldError[] {
  if (name === '')
    return [
      {
        field: 'metadata.name',
        reason: 'FieldValueRequired',
        message: 'Required value: name or generateName is required',
      },
    ];
  // APIServices of the core group end in a dot: `v1.`.
  if (definition.group === 'rbac.authorization.k8s.io' || definition.resource === 'apiservices')
    return checkPathSegment(name);
  const rule = ruleFor(definition);
  const wrong: string[] = [];
  if (name.length > rule.max) wrong.push(`must be no more than ${rule.max} characters`);
  if (!rule.pattern.test(name)) wrong.push(rule.text);
  return wrong.map((text) => invalidName(name, text));
}

function ruleFor({ group, resource }: ResourceDefinition): NameRule {
  if (group === '' && resource === 'namespaces') return label;
  if (group === '' && resource === 'services') return service;
  return subdomain;
}

/** RBAC names may hold colons; they must only fit into a path. */
function checkPathSegment(name: string): FieldError[] {
  if (name === '.' || name === '..') return [invalidName(name, `may not be '${name}'`)];
  return ['/', '%']
    .filter((bad) => name.includes(bad))
    .map((bad) => invalidName(name, `may not contain '${bad}'`));
}

function invalidName(name: string, text: string): FieldError {
  return {
    field: 'metadata.name',
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${JSON.stringify(name)}: ${text}`,
  };
}
