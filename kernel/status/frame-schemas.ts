import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { StatusError } from './status-error.ts';

/** Reads the JSON text frames of a socket, each by the schema of its `type`. Refuses with BadRequest that quotes nothing of the frame. */
export class FrameSchemas<Frame extends { readonly type: string }> {
  readonly #byType: ReadonlyMap<string, Validator>;

  constructor(schemas: Readonly<Record<Frame['type'], TSchema>>) {
    this.#byType = new Map(Object.entries<TSchema>(schemas).map(([type, schema]) => [type, Compile(schema)]));
  }

  read(text: string): Frame {
    return this.check(frameFields(text));
  }

  check(fields: Readonly<Record<string, unknown>>): Frame {
    const { type } = fields;
    const validator = typeof type === 'string' ? this.#byType.get(type) : undefined;
    if (!validator) throw bad(`the frame's type is none of ${[...this.#byType.keys()].join(', ')}`);
    if (validator.Check(fields)) return fields as unknown as Frame;
    const [first] = validator.Errors(fields);
    throw bad(`the frame is not valid: ${first?.instancePath ?? ''} ${first?.message ?? ''}`.trim());
  }
}

/** What a frame says, unchecked. Throws BadRequest where it is no object. */
export function frameFields(text: string): Readonly<Record<string, unknown>> {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw bad('the frame is no object');
  return value as Record<string, unknown>;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw bad('the frame is not JSON');
  }
}

function bad(message: string): StatusError {
  return new StatusError('BadRequest', message);
}
