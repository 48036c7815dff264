import { request } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import type { Sandbox } from './sandbox.ts';
import type { Person } from './people.ts';

/** JSON as it came: tests reach into it. */
// oxlint-disable-next-line typescript/no-explicit-any -- as said above
export type Wire = any;

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON; undefined where it is none. */
  readonly body: Wire;
}

export interface Ask {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** A bearer token instead of the person's; '' sends none. */
  readonly token?: string;
}

/** One HTTPS request to a sandbox as one of its people, on a connection of its own. */
export function ask(sandbox: Sandbox, person: Person, path: string, how: Ask = {}): Promise<Reply> {
  const token = how.token ?? sandbox.people.tokenOf(person) ?? '';
  const raw = Buffer.isBuffer(how.body) || typeof how.body === 'string';
  const body =
    how.body === undefined ? undefined : raw ? (how.body as string | Buffer) : JSON.stringify(how.body);
  return new Promise((resolve, reject) => {
    const sent = request(
      sandbox.url + path,
      {
        method: how.method ?? (body === undefined ? 'GET' : 'POST'),
        ca: sandbox.caPem,
        agent: false,
        headers: {
          ...(token !== '' && { authorization: `Bearer ${token}` }),
          'content-type': 'application/json',
          ...how.headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: jsonOf(text) });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
