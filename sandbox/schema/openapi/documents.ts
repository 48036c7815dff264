import { createHash } from 'node:crypto';

import type { ResourceDefinition } from '../../api/resource-definition.ts';
import type { JsonObject } from '../schema-node.ts';
import { pathsOf } from './operations.ts';
import { TypeSchemas } from './type-schemas.ts';

const INFO = { title: 'Kubernetes (Krateyard sandbox)', version: 'v1.34.0' };

/**
 * The OpenAPI documents of a set of served resources. Documents are made when they are asked for and kept: make a new
 * instance when the set changes.
 */
export class OpenApiDocuments {
  readonly #definitions: readonly ResourceDefinition[];
  readonly #made = new Map<string, JsonObject>();

  constructor(definitions: readonly ResourceDefinition[]) {
    this.#definitions = definitions;
  }

  /** `/openapi/v3`: the documents there are, by group version, with a hash that changes with their content. */
  index(): JsonObject {
    const paths = Object.fromEntries(
      [...this.#groups()].map(([path, definitions]) => [
        path,
        { serverRelativeURL: `/openapi/v3/${path}?hash=${hashOf(definitions)}` },
      ]),
    );
    return { paths };
  }

  /** `/openapi/v3/{path}` of a path in the index (`api/v1`, `apis/apps/v1`); undefined for any other. */
  v3(path: string): JsonObject | undefined {
    const definitions = this.#groups().get(path);
    if (!definitions) return undefined;
    return this.#once(path, () => {
      const types = new TypeSchemas(3);
      const paths = Object.assign({}, ...definitions.map((definition) => pathsOf(definition, types, 3)));
      return { openapi: '3.0.0', info: INFO, paths, components: { schemas: types.schemas } };
    });
  }

  /** `/openapi/v2`: everything in one. */
  v2(): JsonObject {
    return this.#once('v2', () => {
      const types = new TypeSchemas(2);
      const paths = Object.assign(
        {},
        ...this.#definitions.map((definition) => pathsOf(definition, types, 2)),
      );
      return { swagger: '2.0', info: INFO, paths, definitions: types.schemas };
    });
  }

  #groups(): Map<string, ResourceDefinition[]> {
    return Map.groupBy(this.#definitions, ({ group, version }) =>
      group === '' ? `api/${version}` : `apis/${group}/${version}`,
    );
  }

  #once(key: string, make: () => JsonObject): JsonObject {
    const known = this.#made.get(key);
    if (known) return known;
    const made = make();
    this.#made.set(key, made);
    return made;
  }
}

function hashOf(definitions: readonly ResourceDefinition[]): string {
  const facts = definitions.map(({ resource, kind, verbs, subresources, custom }) => [
    resource,
    kind,
    verbs,
    subresources,
    custom?.openApiSchema,
  ]);
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').toUpperCase();
}
