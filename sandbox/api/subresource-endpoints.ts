import { methodNotAllowed, noSuchResource } from './api-errors.ts';
import { sendJson } from './http-answer.ts';
import type { ApiParts } from './in-process-client.ts';
import {
  nameIn,
  readPatchCall,
  requiredObject,
  setWarnings,
  type ResourceCall,
} from './resource-endpoints.ts';
import { readWriteOptions } from './write-query.ts';

/** Answers a request for one subresource by other means than reading and writing the object. */
export type SpecialSubresource = (call: ResourceCall) => Promise<void>;

/** The verbs on subresources: `special` ones (by `resource/name`) first, else parts of the object. */
export class SubresourceEndpoints {
  readonly #parts: ApiParts;
  readonly #special: ReadonlyMap<string, SpecialSubresource>;

  constructor(parts: ApiParts, special: ReadonlyMap<string, SpecialSubresource>) {
    this.#parts = parts;
    this.#special = special;
  }

  async serve(call: ResourceCall): Promise<void> {
    const { definition, target, info } = call;
    const name = target.subresource ?? '';
    const subresource = definition.subresources.find((known) => known.name === name);
    if (!subresource) throw noSuchResource();
    if (!subresource.verbs.includes(info.verb)) throw methodNotAllowed();
    const special = this.#special.get(`${definition.resource}/${name}`);
    return special ? special(call) : this.#serveObject(call, name);
  }

  async #serveObject(call: ResourceCall, name: string): Promise<void> {
    const { definition, request, response, info, user } = call;
    const { subresources } = this.#parts;
    switch (info.verb) {
      case 'get':
        return sendJson(request, response, 200, subresources.get(definition, nameIn(call), name));
      case 'update': {
        const options = readWriteOptions(request, info.query, user, 'UpdateOptions');
        const updated = subresources.update(
          definition,
          nameIn(call),
          name,
          await requiredObject(request, options),
          options,
        );
        setWarnings(response, options.warnings);
        return sendJson(request, response, 200, updated);
      }
      case 'patch': {
        const { kind, patch, options } = await readPatchCall(call);
        const patched = subresources.patch(definition, nameIn(call), name, kind, patch, options);
        setWarnings(response, options.warnings);
        return sendJson(request, response, 200, patched);
      }
      default:
        throw methodNotAllowed();
    }
  }
}
