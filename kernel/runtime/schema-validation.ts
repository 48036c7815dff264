import type { FastifySchemaCompiler, FastifySchemaValidationError } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Convert, Default } from 'typebox/value';

/**
 * Validates with the schemas that the description is made from. Queries, paths and headers are text, so they are converted
 * to what their schema says first (`"5"` to 5, one value to a list); a body is JSON and taken as it is.
 */
export const compileSchema: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const check = Compile(schema);
  return (value: unknown) => {
    const given = Default(schema, value);
    const converted = httpPart === 'body' ? given : Convert(schema, given);
    if (check.Check(converted)) return { value: converted };
    return { error: check.Errors(converted) as unknown as FastifySchemaValidationError[] };
  };
};
