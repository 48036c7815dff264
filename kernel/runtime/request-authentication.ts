import type { FastifyRequest } from 'fastify';
import type { Authentication } from '@krateyard/auth/authenticator';
import { StatusError } from '@krateyard/status/status-error';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before handlers run, on every route under `/api` that is not public; null elsewhere and for nobody. */
    authentication: Authentication | null;
  }
  interface FastifyContextConfig {
    /** Served to anybody, signed in or not. */
    public?: boolean;
  }
}

/** Who asks. Throws StatusError Unauthorized when nobody is signed in. */
export function authenticationOf(request: FastifyRequest): Authentication {
  if (request.authentication) return request.authentication;
  throw new StatusError('Unauthorized', 'Sign in, or send a bearer token of the cluster.');
}
