import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import type { Authentication, Authenticator } from '@krateyard/auth/authenticator';
import type { CredentialWatch } from '@krateyard/auth/credential-watch';
import type { Person } from '@krateyard/auth/people';
import type { Proof } from '@krateyard/auth/proof';
import type { Revocations } from '@krateyard/auth/revocations';
import type { Sessions } from '@krateyard/auth/sessions';
import type { Tickets } from '@krateyard/auth/tickets';
import { isSecure, requireOwnOrigin, type OriginRules } from '@krateyard/runtime/origin-check';
import { authenticationOf } from '@krateyard/runtime/request-authentication';
import { StatusSchema } from '@krateyard/status/status-schema';
import { StatusError, isUnauthorized } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import { AttemptLimit } from './attempt-limit.ts';

/** A ticket for a socket must be used at once. */
const SOCKET_TICKET_MS = 60_000;
const MAX_FAILURES_A_MINUTE = 20;

export interface SignInDeps {
  readonly sessions: Sessions;
  readonly authenticator: Authenticator;
  readonly tickets: Tickets;
  readonly revocations: Revocations;
  readonly credentials: CredentialWatch;
  readonly people: readonly Person[];
  readonly origins: OriginRules;
  readonly cluster: { readonly name: string; readonly embedded: boolean };
  readonly namespace: string | undefined;
  readonly maxAgeSeconds: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

const SessionSchema = Type.Object(
  {
    authenticated: Type.Boolean(),
    user: Type.Optional(
      Type.Object({
        id: Type.String(),
        username: Type.String(),
        groups: Type.Array(Type.String()),
        via: Type.String({ enum: ['impersonate', 'own'] }),
      }),
    ),
    expiresAt: Type.Optional(Type.String({ description: 'ISO 8601; then the person signs in again' })),
    ways: Type.Array(Type.String({ enum: ['person', 'token'] }), { description: 'How one may sign in here' }),
    people: Type.Array(Type.Object({ name: Type.String(), about: Type.String() }), {
      description: 'The people of the embedded cluster, to choose from',
    }),
    cluster: Type.Object({ name: Type.String(), embedded: Type.Boolean() }),
    namespace: Type.Optional(Type.String()),
  },
  { title: 'Session' },
);
type SessionAnswer = Static<typeof SessionSchema>;

const SignInSchema = Type.Object(
  {
    person: Type.Optional(Type.String({ minLength: 1, maxLength: 253 })),
    token: Type.Optional(Type.String({ minLength: 1, maxLength: 16_384 })),
    ticket: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
  },
  { title: 'SignIn', additionalProperties: false, minProperties: 1, maxProperties: 1 },
);
type SignIn = Static<typeof SignInSchema>;

const TicketSchema = Type.Object(
  { ticket: Type.String(), expiresAt: Type.String({ description: 'ISO 8601' }) },
  { title: 'Ticket' },
);

/** Starting, showing and ending sessions. */
export class SignInDesk {
  readonly #deps: SignInDeps;
  readonly #attempts: AttemptLimit;

  constructor(deps: SignInDeps) {
    this.#deps = deps;
    this.#attempts = new AttemptLimit({ clock: deps.clock, max: MAX_FAILURES_A_MINUTE });
  }

  /** Starts (or, for the person who is signed in already, continues) a session and sets its cookie. */
  async signIn(request: FastifyRequest, reply: FastifyReply, body: SignIn): Promise<Authentication> {
    const { sessions, credentials, logger } = this.#deps;
    this.#attempts.require(request.ip);
    try {
      const facts = await sessions.read(request.headers);
      const started = await this.#prove(body, (proof) =>
        facts ? sessions.renewProof(facts, proof, request.gone) : sessions.start(proof, request.gone),
      );
      credentials.renewed(started.authentication);
      this.setCookie(request, reply, started.cookie);
      logger.info('Signed in.', { user: started.authentication.principal.username, requestId: request.id });
      return started.authentication;
    } catch (error) {
      if (isUnauthorized(error)) this.#attempts.failed(request.ip);
      throw error;
    }
  }

  /** Signing somebody in without their knowing is an attack too. */
  requireOwnOrigin(request: FastifyRequest): void {
    requireOwnOrigin(request.raw, this.#deps.origins);
  }

  signOut(request: FastifyRequest, reply: FastifyReply, everywhere: boolean): void {
    const { credentials, revocations, logger } = this.#deps;
    const { credentialId, principal } = authenticationOf(request);
    if (everywhere) {
      revocations.revokeAll(principal.id);
      credentials.end((one) => one.principal.id === principal.id && one.ambient === true);
    } else if (credentialId.startsWith('session:')) {
      revocations.revoke(credentialId.slice('session:'.length));
      credentials.end((one) => one.credentialId === credentialId);
    }
    this.#clearCookie(request, reply);
    logger.info('Signed out.', { user: principal.username, requestId: request.id });
  }

  setCookie(request: FastifyRequest, reply: FastifyReply, value: string): void {
    this.#cookie(request, reply, value, this.#deps.maxAgeSeconds);
  }

  describe(authentication: Authentication | undefined): SessionAnswer {
    const { people, cluster, namespace } = this.#deps;
    const principal = authentication?.principal;
    const expiresAt = authentication?.expiresAt;
    return {
      authenticated: principal !== undefined,
      ...(principal && {
        user: {
          id: principal.id,
          username: principal.username,
          groups: [...principal.groups],
          via: principal.via,
        },
      }),
      ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt).toISOString() }),
      ways: people.length > 0 ? ['person', 'token'] : ['token'],
      people: people.map(({ name, about }) => ({ name, about })),
      cluster: { ...cluster },
      ...(namespace !== undefined && { namespace }),
    };
  }

  /** Who asks, on routes that also serve strangers: a proof that does not hold is like none. */
  async whoever(request: FastifyRequest): Promise<Authentication | undefined> {
    try {
      return await this.#deps.authenticator.authenticate(
        { headers: request.headers, url: '/' },
        request.gone,
      );
    } catch (error) {
      if (isUnauthorized(error)) return undefined;
      throw error;
    }
  }

  socketTicket(authentication: Authentication): Static<typeof TicketSchema> {
    const { tickets, clock } = this.#deps;
    // What rests on a ticket is no longer sent by the browser by itself.
    const granted: Authentication = { ...authentication, ambient: false };
    return {
      ticket: tickets.issue({ for: 'socket', authentication: granted }, SOCKET_TICKET_MS),
      expiresAt: new Date(clock.now() + SOCKET_TICKET_MS).toISOString(),
    };
  }

  async #prove<T>({ person, token, ticket }: SignIn, start: (proof: Proof) => Promise<T>): Promise<T> {
    if (token !== undefined) return start({ kind: 'token', token: token.trim() });
    if (person !== undefined) return start({ kind: 'person', name: person });
    const started = await this.#deps.tickets.use(ticket ?? '', 'sign-in', ({ proof }) => start(proof));
    if (started !== undefined) return started;
    throw new StatusError('Unauthorized', 'The ticket is unknown, expired or was used before.');
  }

  #clearCookie(request: FastifyRequest, reply: FastifyReply): void {
    this.#cookie(request, reply, '', 0);
  }

  #cookie(request: FastifyRequest, reply: FastifyReply, value: string, maxAge: number): void {
    const secure = isSecure(request.raw, this.#deps.origins);
    const name = this.#deps.sessions.cookieName(secure);
    reply.header(
      'set-cookie',
      `${name}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`,
    );
  }
}

/** `/api/session` and `/api/tickets`. */
export function sessionRoutes(app: FastifyInstance, desk: SignInDesk): void {
  const tags = ['session'];
  app.get(
    '/api/session',
    {
      config: { public: true },
      schema: {
        summary: 'Who am I, and how may I sign in',
        tags,
        security: [],
        response: { 200: SessionSchema },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return desk.describe(await desk.whoever(request));
    },
  );
  app.post<{ Body: SignIn }>(
    '/api/session',
    {
      config: { public: true },
      schema: {
        summary: 'Sign in, or renew the proof that the session rests on',
        tags,
        security: [],
        body: SignInSchema,
        response: { 200: SessionSchema, '4xx': StatusSchema },
      },
    },
    async (request, reply) => {
      desk.requireOwnOrigin(request);
      return desk.describe(await desk.signIn(request, reply, request.body));
    },
  );
  app.delete<{ Querystring: { everywhere?: boolean } }>(
    '/api/session',
    {
      schema: {
        summary: 'Sign out, here or everywhere',
        tags,
        querystring: Type.Object(
          { everywhere: Type.Optional(Type.Boolean()) },
          { additionalProperties: false },
        ),
        response: { 204: Type.Null(), '4xx': StatusSchema },
      },
    },
    async (request, reply) => {
      desk.signOut(request, reply, request.query.everywhere === true);
      return reply.code(204).send();
    },
  );
  app.post(
    '/api/tickets',
    {
      schema: {
        summary: 'A one-shot ticket for one WebSocket',
        tags,
        response: { 201: TicketSchema, '4xx': StatusSchema },
      },
    },
    async (request, reply) => reply.code(201).send(desk.socketTicket(authenticationOf(request))),
  );
}
