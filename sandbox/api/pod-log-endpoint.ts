import type { LogOptions, PodRuntime } from '../life/pod-runtime.ts';
import { badRequest, invalid } from './api-errors.ts';
import type { ObjectWriter } from './object-writer.ts';
import { containerOf } from './pod-container.ts';
import { isTrue } from './request-info.ts';
import { nameIn, type ResourceCall } from './resource-endpoints.ts';
import type { SpecialSubresource } from './subresource-endpoints.ts';
import { untilWritable } from './until-writable.ts';

/** `pods/log`: plain text, as it comes when followed. */
export function podLogEndpoint(writer: ObjectWriter, runtime: PodRuntime): SpecialSubresource {
  return async (call) => {
    const at = nameIn(call);
    const { object: pod } = writer.read(call.definition, at);
    const options = readLogOptions(call.info.query, containerOf(pod, call.info.query.get('container')));
    const { nodeName = '' } = pod['spec'] as { nodeName?: string };
    call.response.setHeader('Content-Type', 'text/plain');
    // A pod that waits for a node has nothing to say yet.
    if (nodeName === '') {
      call.response.end();
      return;
    }
    await stream(call, runtime, at, options);
  };
}

async function stream(
  { response, signal }: ResourceCall,
  runtime: PodRuntime,
  at: { namespace: string; name: string },
  options: LogOptions,
): Promise<void> {
  const hangUp = new AbortController();
  const end = AbortSignal.any([hangUp.signal, signal]);
  response.once('close', () => hangUp.abort());
  const lines = await runtime.logs(at.namespace, at.name, options, end);
  response.writeHead(200);
  response.flushHeaders();
  try {
    for await (const bytes of lines) {
      if (end.aborted) break;
      if (!response.write(bytes)) await untilWritable(response);
    }
  } catch (error) {
    if (!end.aborted) throw error;
  }
  response.end();
}

function readLogOptions(query: URLSearchParams, container: string): LogOptions {
  const tailLines = readCount(query, 'tailLines', 0);
  const sinceSeconds = readCount(query, 'sinceSeconds', 1);
  const limitBytes = readCount(query, 'limitBytes', 1);
  const sinceTime = query.get('sinceTime');
  if (sinceSeconds !== undefined && sinceTime !== null)
    throw wrong(
      'sinceSeconds',
      'FieldValueForbidden',
      'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified',
    );
  return {
    container,
    follow: isTrue(query.get('follow')),
    previous: isTrue(query.get('previous')),
    timestamps: isTrue(query.get('timestamps')),
    ...(tailLines !== undefined && { tailLines }),
    ...(sinceSeconds !== undefined && { sinceSeconds }),
    ...(limitBytes !== undefined && { limitBytes }),
    ...(sinceTime !== null && { sinceTime }),
  };
}

function readCount(query: URLSearchParams, name: string, least: number): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw badRequest(`${name} must be an integer, not ${JSON.stringify(text)}`);
  if (value >= least) return value;
  throw wrong(
    name,
    'FieldValueInvalid',
    `Invalid value: ${value}: must be greater than ${least === 0 ? 'or equal to 0' : '0'}`,
  );
}

function wrong(field: string, reason: 'FieldValueInvalid' | 'FieldValueForbidden', message: string) {
  return invalid({ kind: 'PodLogOptions', group: '' }, '', [{ field, reason, message }]);
}
