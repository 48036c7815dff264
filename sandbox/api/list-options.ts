import type { FieldError } from '../schema/type-schema.ts';
import { badRequest, invalid } from './api-errors.ts';
import { parseFilter } from './field-labels.ts';
import type { ListRequest } from './object-lister.ts';
import { isTrue } from './request-info.ts';
import type { ResourceDefinition } from './resource-definition.ts';

const LIST_OPTIONS = { kind: 'ListOptions', group: 'meta.k8s.io' } as const;
const MATCH = 'resourceVersionMatch';

const refusal = (field: string, text: string): FieldError => ({
  field,
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${text}`,
});

/** Reads the query of a list or watch; throws Invalid and BadRequest in Kubernetes' words. */
export function readListRequest(
  definition: ResourceDefinition,
  namespace: string | undefined,
  query: URLSearchParams,
): ListRequest {
  const errors = isTrue(query.get('watch')) ? checkWatch(query) : checkList(query);
  if (errors.length > 0) throw invalid(LIST_OPTIONS, '', errors);
  const filter = parseFilter(
    definition,
    query.get('labelSelector') ?? undefined,
    query.get('fieldSelector') ?? undefined,
  );
  const limit = query.get('limit');
  return {
    namespace,
    filter,
    ...(limit !== null && limit !== '' && { limit: readInteger('limit', limit) }),
    ...text(query, 'continue', 'continueToken'),
    ...text(query, 'resourceVersion', 'resourceVersion'),
    ...text(query, MATCH, MATCH),
  };
}

export function readInteger(name: string, value: string): number {
  if (!/^-?\d{1,15}$/.test(value))
    throw badRequest(`unable to convert the query parameter ${name} ${JSON.stringify(value)} to a number`);
  return Number(value);
}

function text<K extends string>(
  query: URLSearchParams,
  parameter: string,
  as: K,
): Partial<Record<K, string>> {
  const value = query.get(parameter);
  return value === null || value === '' ? {} : ({ [as]: value } as Record<K, string>);
}

function checkList(query: URLSearchParams): FieldError[] {
  const match = query.get(MATCH) ?? '';
  const version = query.get('resourceVersion') ?? '';
  const errors: FieldError[] = [];
  if (query.has('sendInitialEvents'))
    errors.push(refusal('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  if (match === '') return errors;
  if (version === '') errors.push(refusal(MATCH, `${MATCH} is forbidden unless resourceVersion is provided`));
  if ((query.get('continue') ?? '') !== '')
    errors.push(refusal(MATCH, `${MATCH} is forbidden when continue is provided`));
  if (match !== 'Exact' && match !== 'NotOlderThan')
    errors.push(unsupportedMatch(match, '"Exact", "NotOlderThan"'));
  if (match === 'Exact' && version === '0')
    errors.push(refusal(MATCH, `${MATCH} "exact" is forbidden for resourceVersion "0"`));
  return errors;
}

function checkWatch(query: URLSearchParams): FieldError[] {
  const match = query.get(MATCH) ?? '';
  const initial = query.has('sendInitialEvents');
  const errors: FieldError[] = [];
  if (match !== '' && !initial)
    errors.push(refusal(MATCH, `${MATCH} is forbidden for watch unless sendInitialEvents is provided`));
  if (initial && match !== 'NotOlderThan')
    errors.push(refusal(MATCH, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'));
  if (match !== '' && match !== 'NotOlderThan') errors.push(unsupportedMatch(match, '"NotOlderThan"'));
  if ((query.get('continue') ?? '') !== '')
    errors.push(refusal('continue', 'continue is forbidden for watch'));
  return errors;
}

const unsupportedMatch = (given: string, supported: string): FieldError => ({
  field: MATCH,
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: ${JSON.stringify(given)}: supported values: ${supported}`,
});
