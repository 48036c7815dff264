import type { FastifyInstance } from 'fastify';
import { load } from 'js-yaml';
import type { PatchType } from '@krateyard/kube/client/client';
import { StatusError } from '@krateyard/status/status-error';

/** Content types of the three patches. */
const PATCH_TYPES: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
};

const YAML_TYPES = ['application/yaml', 'application/x-yaml', 'text/yaml', 'application/apply-patch+yaml'];

/** Lets the routes of this scope take the content types of Kubernetes. */
export function addBodyParsers(app: FastifyInstance): void {
  app.addContentTypeParser(
    Object.keys(PATCH_TYPES),
    { parseAs: 'string' },
    async (_request: unknown, text: string) => parseJson(text),
  );
  app.addContentTypeParser(YAML_TYPES, { parseAs: 'string' }, async (_request: unknown, text: string) =>
    parseYaml(text),
  );
}

/** Throws StatusError UnsupportedMediaType for a content type that is no patch. */
export function patchTypeOf(contentType: string | undefined): PatchType {
  const type = PATCH_TYPES[contentType?.split(';')[0]?.trim().toLowerCase() ?? ''];
  if (type) return type;
  throw new StatusError(
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${Object.keys(PATCH_TYPES).join(', ')}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new StatusError('BadRequest', 'the body is not valid JSON', { cause: error });
  }
}

function parseYaml(text: string): unknown {
  try {
    return load(text);
  } catch (error) {
    throw new StatusError('BadRequest', 'the body is not valid YAML, or more than one document', {
      cause: error,
    });
  }
}
