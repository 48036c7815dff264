import { readFile } from 'node:fs/promises';
import { StatusError } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import type { ClusterConfig } from './cluster-config.ts';
import type { Credential, CredentialSource } from './credential.ts';
import { execCredentialSource } from './exec-credential-source.ts';

/** A token file is looked at again after this; kubelet replaces projected tokens long before they expire. */
const TOKEN_FILE_FRESH_MS = 60_000;

export function createCredentialSource(
  config: ClusterConfig,
  needs: { readonly clock: Clock; readonly logger: Logger },
): CredentialSource {
  const { auth } = config;
  switch (auth.kind) {
    case 'none':
      return constant({ authorization: undefined });
    case 'token':
      return constant({ authorization: `Bearer ${auth.token}` });
    case 'basic': {
      const pair = Buffer.from(`${auth.username}:${auth.password}`).toString('base64');
      return constant({ authorization: `Basic ${pair}` });
    }
    case 'token-file':
      return tokenFileSource(auth.file, needs);
    case 'exec':
      return execCredentialSource(auth.plugin, config, needs);
  }
}

function constant(credential: Credential): CredentialSource {
  return { current: () => Promise.resolve(credential), renew: () => false };
}

/** Keeps the last token that could be read while the file is away, as it is while it is being replaced. */
function tokenFileSource(file: string, needs: { clock: Clock; logger: Logger }): CredentialSource {
  let known: { readonly credential: Credential; readonly readAt: number } | undefined;
  const read = async (): Promise<Credential> => {
    const token = await readFile(file, 'utf8').then(
      (text) => text.trim(),
      () => '',
    );
    if (token !== '') {
      known = { credential: { authorization: `Bearer ${token}` }, readAt: needs.clock.monotonic() };
      return known.credential;
    }
    if (!known)
      throw new StatusError('Unauthorized', 'The token file of this cluster cannot be read or is empty.');
    needs.logger.warn('token file cannot be read, going on with the last token', { file });
    known = { ...known, readAt: needs.clock.monotonic() };
    return known.credential;
  };
  return {
    current: async () =>
      known && needs.clock.monotonic() - known.readAt < TOKEN_FILE_FRESH_MS ? known.credential : await read(),
    renew: () => {
      if (known) known = { ...known, readAt: Number.NEGATIVE_INFINITY };
      return true;
    },
  };
}
