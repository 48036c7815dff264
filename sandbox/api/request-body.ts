import type { IncomingMessage } from 'node:http';
import { load } from 'js-yaml';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { StatusError } from '@krateyard/status/status-error';
import { badRequest } from './api-errors.ts';
import { duplicateFields } from './duplicate-fields.ts';
import { decodeProtobufObject } from './protobuf/decode-object.ts';

/** Kubernetes takes 3 MiB. */
const MAX_BODY_BYTES = 3 * 1024 * 1024;

const OBJECT_TYPES: readonly string[] = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
];

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES)
      throw new StatusError('RequestEntityTooLarge', `Request entity too large: limit is ${MAX_BODY_BYTES}`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The media type without its parameters; JSON where none was given. */
export function mediaType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? 'application/json').split(';')[0]!.trim().toLowerCase();
}

/** Reads an object of a request; undefined for an empty body. Protobuf is for kinds that are built in. */
export async function readObject(
  request: IncomingMessage,
  onDuplicates: (paths: readonly string[]) => void = () => {},
): Promise<KubeObject | undefined> {
  const type = mediaType(request);
  const body = await readBody(request);
  if (body.length === 0) return undefined;
  if (!OBJECT_TYPES.includes(type)) throw unsupported(OBJECT_TYPES, type);
  if (type === 'application/vnd.kubernetes.protobuf') return decodeProtobufObject(body);
  const value = type === 'application/json' ? parseJson(body) : parseYaml(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badRequest('the object provided is unrecognized (must be of type Object)');
  if (type === 'application/json') {
    const duplicates = duplicateFields(body.toString('utf8'));
    if (duplicates.length > 0) onDuplicates(duplicates);
  }
  return withMetadata(value as Record<string, unknown>);
}

/** Reads the document of a patch: YAML for apply, JSON for the others. */
export async function readPatch(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request);
  return mediaType(request) === 'application/apply-patch+yaml' ? parseYaml(body) : parseJson(body);
}

export function unsupported(accepted: readonly string[], _given: string): StatusError {
  return new StatusError(
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
}

function withMetadata(value: Record<string, unknown>): KubeObject {
  const { metadata } = value;
  if (
    metadata !== undefined &&
    metadata !== null &&
    (typeof metadata !== 'object' || Array.isArray(metadata))
  )
    throw badRequest('metadata must be an object');
  return { ...value, metadata: { ...metadata } };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch (error) {
    throw badRequest(`error decoding: ${error instanceof Error ? error.message : 'invalid JSON'}`);
  }
}

function parseYaml(body: Buffer): unknown {
  try {
    return load(body.toString('utf8'));
  } catch (error) {
    throw badRequest(
      `error decoding YAML: ${error instanceof Error ? error.message.split('\n')[0] : 'invalid YAML'}`,
    );
  }
}
