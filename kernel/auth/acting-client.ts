import type { Client } from '@krateyard/kube/client/client';
import type { Principal } from './principal.ts';

/** The API server as this person: it decides what they may do, and its audit log names them. */
export function actingClient(gateway: Client, who: Principal): Client {
  if (who.via === 'own') return gateway;
  return gateway.as({ username: who.username, uid: who.uid, groups: who.groups, extra: who.extra });
}
