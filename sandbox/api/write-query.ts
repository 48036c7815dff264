import type { IncomingMessage } from 'node:http';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { badRequest, invalid } from './api-errors.ts';
import { readInteger } from './list-options.ts';
import type { DeleteOptions } from './object-deleter.ts';
import type { UserInfo } from './user.ts';
import type { WriteOptions } from './write-options.ts';

const MAX_MANAGER_BYTES = 128;

/** Reads what the query says of a write. `kind` names the options in messages (`CreateOptions`). */
export function readWriteOptions(
  request: IncomingMessage,
  query: URLSearchParams,
  user: UserInfo,
  kind: string,
): WriteOptions {
  const fieldValidation = query.get('fieldValidation') || 'Warn';
  if (fieldValidation !== 'Ignore' && fieldValidation !== 'Warn' && fieldValidation !== 'Strict')
    throw unsupportedValue(kind, 'fieldValidation', fieldValidation, '"", "Ignore", "Strict", "Warn"');
  const fieldManager = query.get('fieldManager') || agentName(request);
  if (Buffer.byteLength(fieldManager) > MAX_MANAGER_BYTES)
    throw invalid({ kind, group: 'meta.k8s.io' }, '', [
      {
        field: 'fieldManager',
        reason: 'FieldValueTooLong',
        message: `Too long: may not be more than ${MAX_MANAGER_BYTES} bytes`,
      },
    ]);
  return {
    user,
    dryRun: readDryRun(query.getAll('dryRun'), kind),
    fieldManager,
    fieldValidation,
    warnings: [],
  };
}

/** Reads a deletion's options from its body or, without one, its query. */
export function readDeleteOptions(
  body: KubeObject | undefined,
  query: URLSearchParams,
): { options: DeleteOptions; dryRun: boolean } {
  const given = body ?? fromQuery(query);
  const dryRun = readDryRun(
    [...query.getAll('dryRun'), ...((given['dryRun'] ?? []) as string[])],
    'DeleteOptions',
  );
  const { gracePeriodSeconds, propagationPolicy, preconditions, orphanDependents } =
    given as DeleteOptions & {
      orphanDependents?: boolean;
    };
  if (propagationPolicy != null && !['Foreground', 'Background', 'Orphan'].includes(propagationPolicy))
    throw unsupportedValue(
      'DeleteOptions',
      'propagationPolicy',
      propagationPolicy,
      '"Foreground", "Background", "Orphan", "nil"',
    );
  const policy =
    propagationPolicy ?? (orphanDependents === undefined ? undefined : legacyPolicy(orphanDependents));
  return {
    dryRun,
    options: {
      ...(typeof gracePeriodSeconds === 'number' && { gracePeriodSeconds }),
      ...(policy != null && { propagationPolicy: policy }),
      ...(preconditions != null && { preconditions }),
    },
  };
}

const legacyPolicy = (orphan: boolean): 'Orphan' | 'Background' => (orphan ? 'Orphan' : 'Background');

function fromQuery(query: URLSearchParams): Record<string, unknown> {
  const grace = query.get('gracePeriodSeconds');
  const policy = query.get('propagationPolicy');
  return {
    ...(grace !== null && { gracePeriodSeconds: readInteger('gracePeriodSeconds', grace) }),
    ...(policy !== null && { propagationPolicy: policy }),
  };
}

function readDryRun(values: readonly string[], kind: string): boolean {
  const bad = values.find((value) => value !== 'All');
  if (bad !== undefined) throw unsupportedValue(kind, 'dryRun', bad, '"All"');
  return values.length > 0;
}

function unsupportedValue(kind: string, field: string, value: string, supported: string) {
  if (typeof value !== 'string') throw badRequest(`${field} must be a string`);
  return invalid({ kind, group: 'meta.k8s.io' }, '', [
    {
      field,
      reason: 'FieldValueNotSupported',
      message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`,
    },
  ]);
}

/** The manager of clients that name none: their User-Agent up to the slash. */
function agentName(request: IncomingMessage): string {
  return (request.headers['user-agent'] ?? 'unknown').split('/')[0]!.slice(0, 128) || 'unknown';
}
