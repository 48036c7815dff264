import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Person } from '@krateyard/auth/people';
import { isStatusError, isUnauthorized } from '@krateyard/status/status-error';
import type { SignInDesk } from './session-routes.ts';
import { signInPage } from './sign-in-page.ts';

const MAX_FORM_BYTES = 32 * 1024;

export interface SignInPageDeps {
  readonly desk: SignInDesk;
  readonly people: readonly Person[];
  readonly cluster: string;
}

/**
 * `/sign-in`: redeems the printed URL's ticket, and is a plain page that signs in without any script. Here a failure is
 * a page, not a Status.
 */
export async function signInRoutes(app: FastifyInstance, deps: SignInPageDeps): Promise<void> {
  await app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: MAX_FORM_BYTES },
      (_request, text, done) => done(null, Object.fromEntries(new URLSearchParams(text.toString()))),
    );
    const open = { config: { public: true }, schema: { hide: true } };
    scope.get<{ Querystring: Record<string, string> }>('/sign-in', open, async (request, reply) => {
      const { ticket } = request.query;
      return ticket ? tryTo(deps, request, reply, { ticket }) : show(deps, reply);
    });
    scope.post<{ Body: Record<string, string> | null }>('/sign-in', open, async (request, reply) => {
      deps.desk.requireOwnOrigin(request);
      const { person, token } = request.body ?? {};
      if (token) return tryTo(deps, request, reply, { token });
      return person
        ? tryTo(deps, request, reply, { person })
        : show(deps, reply, 'Choose a person or paste a token.', 400);
    });
  });
}

async function tryTo(
  deps: SignInPageDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  body: { person?: string; token?: string; ticket?: string },
): Promise<FastifyReply> {
  try {
    await deps.desk.signIn(request, reply, body);
  } catch (error) {
    // Somebody who opens an old link while signed in wants to come in, not to read about tickets; who cannot be told gets the first error.
    if (body.ticket && isUnauthorized(error) && (await deps.desk.whoever(request).catch(() => undefined))) {
      return reply.redirect('/', 303);
    }
    if (!isStatusError(error)) throw error;
    return show(deps, reply, error.message, error.code);
  }
  return reply.header('cache-control', 'no-store').redirect('/', 303);
}

function show(deps: SignInPageDeps, reply: FastifyReply, problem?: string, code = 200): FastifyReply {
  return reply
    .code(code)
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(signInPage({ cluster: deps.cluster, people: deps.people, problem }));
}
