import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@krateyard/telemetry/clock';
import type { UserInfo } from '../api/user.ts';
import type { ObjectStore } from '../store/object-store.ts';

/** The default audience and the issuer of every token. */
export const ISSUER = 'https://kubernetes.default.svc.cluster.local';

interface Claims {
  readonly aud: readonly string[];
  readonly exp: number;
  readonly iat: number;
  readonly iss: string;
  readonly sub: string;
  readonly 'kubernetes.io': {
    readonly namespace: string;
    readonly serviceaccount: { readonly name: string; readonly uid: string };
    readonly pod?: { readonly name: string; readonly uid: string };
  };
}

export interface TokenGrant {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  readonly pod?: { readonly name: string; readonly uid: string };
}

/** Tokens of service accounts: signed with a key that lives as long as the process, good while the account lives. */
export class ServiceAccountTokens {
  readonly #key = randomBytes(32);
  readonly #store: ObjectStore;
  readonly #clock: Clock;

  constructor(store: ObjectStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  issue(grant: TokenGrant): { token: string; expiresAtMs: number } {
    const iat = Math.floor(this.#clock.now() / 1000);
    const exp = iat + grant.expirationSeconds;
    const { namespace, name, uid, pod, audiences } = grant;
    const claims: Claims = {
      aud: audiences,
      exp,
      iat,
      iss: ISSUER,
      'kubernetes.io': { namespace, serviceaccount: { name, uid }, ...(pod && { pod }) },
      sub: `system:serviceaccount:${namespace}:${name}`,
    };
    const head = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    return { token: `${head}.${this.#sign(head)}`, expiresAtMs: exp * 1000 };
  }

  userOf(token: string): UserInfo | undefined {
    const claims = this.#verified(token);
    if (!claims || claims.exp * 1000 <= this.#clock.now()) return undefined;
    const { namespace, serviceaccount, pod } = claims['kubernetes.io'];
    if (!this.#lives('serviceaccounts', namespace, serviceaccount)) return undefined;
    if (pod && !this.#lives('pods', namespace, pod)) return undefined;
    return {
      username: claims.sub,
      uid: serviceaccount.uid,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
      ...(pod && {
        extra: {
          'authentication.kubernetes.io/pod-name': [pod.name],
          'authentication.kubernetes.io/pod-uid': [pod.uid],
        },
      }),
    };
  }

  #lives(storageKey: string, namespace: string, of: { name: string; uid: string }): boolean {
    return this.#store.collection(storageKey).get(`${namespace}/${of.name}`)?.object.metadata.uid === of.uid;
  }

  #verified(token: string): Claims | undefined {
    const parts = /^([\w-]+\.([\w-]+))\.([\w-]+)$/.exec(token);
    if (!parts) return undefined;
    const [, head, claims, signature] = parts as unknown as [string, string, string, string];
    const expected = Buffer.from(this.#sign(head));
    const given = Buffer.from(signature);
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
    return JSON.parse(Buffer.from(claims, 'base64url').toString()) as Claims;
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
