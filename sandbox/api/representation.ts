import { StatusError } from '@krateyard/status/status-error';

/** In which form a client wants objects. */
export type Representation =
  | { readonly form: 'object' }
  | { readonly form: 'partial' }
  | {
      readonly form: 'table';
      readonly include: 'Metadata' | 'Object' | 'None';
      /** Without column definitions. */
      readonly bare?: true;
    };

interface MediaRange {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** The first form of the `Accept` header that is spoken here. Throws NotAcceptable when there is none. */
export function negotiate(accept: string | undefined, includeObject: string | null): Representation {
  const ranges = readAccept(accept);
  for (const { type, parameters } of ranges) {
    if (!isJson(type) && type !== 'application/yaml') continue;
    const as = parameters.get('as');
    if (as === undefined) return { form: 'object' };
    if (parameters.get('g') !== 'meta.k8s.io' || parameters.get('v') !== 'v1') continue;
    if (as === 'Table') return { form: 'table', include: includeOf(includeObject) };
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return { form: 'partial' };
  }
  throw notAcceptable();
}

export function notAcceptable(): StatusError {
  return new StatusError('NotAcceptable', 'only the following media types are accepted: application/json');
}

/** True where the client takes JSON of a certain group, version and kind (`as`) before plain JSON. */
export function prefersAs(accept: string | undefined, wanted: { g: string; v: string; as: string }): boolean {
  for (const { type, parameters } of readAccept(accept)) {
    if (!isJson(type)) continue;
    const as = parameters.get('as');
    if (as === undefined) return false;
    if (as === wanted.as && parameters.get('g') === wanted.g && parameters.get('v') === wanted.v) return true;
  }
  return false;
}

function readAccept(accept: string | undefined): MediaRange[] {
  if (accept === undefined || accept.trim() === '') return [{ type: '*/*', parameters: new Map() }];
  return accept.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    return {
      type: type.toLowerCase(),
      parameters: new Map(parameters.map((text) => text.split('=', 2) as [string, string])),
    };
  });
}

/** True where YAML is the first of the forms that the client takes. */
export function prefersYaml(accept: string | undefined): boolean {
  return /^\s*application\/yaml\b/.test(accept ?? '');
}

const isJson = (type: string): boolean => ['application/json', 'application/*', '*/*'].includes(type);

function includeOf(text: string | null): 'Metadata' | 'Object' | 'None' {
  return text === 'Object' || text === 'None' ? text : 'Metadata';
}
