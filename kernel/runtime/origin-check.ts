import type { IncomingMessage } from 'node:http';
import { StatusError } from '@krateyard/status/status-error';

export interface OriginRules {
  /** Read `X-Forwarded-Host` and `X-Forwarded-Proto`: a proxy in front sets them, and nobody reaches us around it. */
  readonly trustProxy: boolean;
  /** Further origins that pages of ours are served from, `https://yard.example`. */
  readonly allowedOrigins: readonly string[];
  /**
   * When only this machine can reach us: names other than loopback's are refused, so that a page of a foreign site cannot
   * point its own name at us (DNS rebinding).
   */
  readonly loopbackOnly: boolean;
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
const LOOPBACK_HOST = /^(localhost|[\w-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** Rejects requests that a foreign page made a browser send. Requests that name no origin come from no page. */
export function requireOwnOrigin(request: IncomingMessage, rules: OriginRules): void {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (origin === undefined) {
    if (site === undefined || site === 'same-origin' || site === 'none') return;
  } else if (isOwnOrigin(request, origin, rules)) return;
  throw new StatusError('Forbidden', 'Requests with a session cookie must come from the console itself.');
}

/** Whether a cookie-authenticated request with this method needs the check. */
export function changesState(method: string | undefined): boolean {
  return !SAFE_METHODS.has(method ?? 'GET');
}

/** Rejects `Host` names that do not belong to a gateway on loopback. */
export function requireOwnHost(request: IncomingMessage, rules: OriginRules): void {
  const { host } = request.headers;
  if (!rules.loopbackOnly || host === undefined || LOOPBACK_HOST.test(host)) return;
  if (rules.allowedOrigins.some((origin) => hostOf(origin) === host)) return;
  throw new StatusError('Forbidden', 'This gateway serves this machine only, under its loopback names.');
}

/** Whether the browser reached us by HTTPS: then cookies are `Secure`. */
export function isSecure(request: IncomingMessage, rules: OriginRules): boolean {
  return 'encrypted' in request.socket || (rules.trustProxy && forwarded(request, 'proto') === 'https');
}

function isOwnOrigin(request: IncomingMessage, origin: string, rules: OriginRules): boolean {
  if (rules.allowedOrigins.includes(origin)) return true;
  const host = (rules.trustProxy ? forwarded(request, 'host') : undefined) ?? request.headers.host;
  return host !== undefined && hostOf(origin) === host.toLowerCase();
}

function forwarded(request: IncomingMessage, what: 'host' | 'proto'): string | undefined {
  const value = request.headers[`x-forwarded-${what}`];
  return (Array.isArray(value) ? value[0] : value)?.split(',')[0]?.trim().toLowerCase();
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
