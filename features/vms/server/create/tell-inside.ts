import type { FastifyReply, FastifyRequest } from 'fastify';
import { toStatusError } from '@krateyard/runtime/error-translation';
import { toStatus } from '@krateyard/status/status-error';
import type { StatusSchema } from '@krateyard/status/status-schema';
import type { CreateQuery, VmCreateRequest, VmDryRun } from '../../contract/vm-create.ts';

/** What is wrong with the request itself, or with where it would go. Who asks too much or is nobody is refused as anywhere. */
const ABOUT_THE_REQUEST: ReadonlySet<number> = new Set([400, 403, 404, 409, 422]);

/** For forms: with `?refusals=inside` a dry run's refusal is its answer. Throws all else on. */
export function tellInside(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { dryRun, refusals, namespace = '' } = request.query as CreateQuery;
  const status = toStatus(toStatusError(error), request.id);
  // A body is refused before the query has been read: its values are texts then.
  if (String(dryRun) !== 'true' || refusals !== 'inside' || !ABOUT_THE_REQUEST.has(status.code)) throw error;
  const name = (request.body as Partial<VmCreateRequest> | undefined)?.name;
  const answer: VmDryRun = {
    refused: status as unknown as StatusSchema,
    name: typeof name === 'string' ? name : '',
    namespace,
    accepted: false,
    objects: [],
    quota: [],
    warnings: [],
  };
  void reply.code(200).send(answer);
}
