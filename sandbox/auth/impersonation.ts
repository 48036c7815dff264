import type { IncomingHttpHeaders } from 'node:http';
import type { UserInfo } from '../api/user.ts';
import { badRequest, forbidden } from '../api/api-errors.ts';
import { denialText } from './denial.ts';
import type { RbacAuthorizer } from './rbac-authorizer.ts';
import type { ResourceAccess } from './rbac-rules.ts';

const EXTRA = 'impersonate-extra-';
const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/**
 * Who a request is to be made as, by its `Impersonate-*` headers; undefined without any. Throws Forbidden where `user` may
 * not act as one of the names. `rawHeaders` tell several lines of one name apart.
 */
export function impersonatedUser(
  user: UserInfo,
  headers: IncomingHttpHeaders,
  rawHeaders: readonly string[],
  authorizer: RbacAuthorizer,
): UserInfo | undefined {
  const wanted = readHeaders(rawHeaders);
  if (headers['impersonate-user'] === undefined || wanted.username === '') {
    if (wanted.groups.length > 0 || wanted.uid !== undefined || wanted.extra.size > 0)
      throw badRequest('requested impersonation of groups, uid or extra without impersonating a user');
    return undefined;
  }
  for (const access of neededAccess(wanted)) {
    if (!authorizer.allows(user, access)) throw forbidden(access, access.name, denialText(user, access));
  }
  return asUser(wanted);
}

interface Wanted {
  username: string;
  groups: string[];
  uid: string | undefined;
  extra: Map<string, string[]>;
}

function readHeaders(raw: readonly string[]): Wanted {
  const wanted: Wanted = { username: '', groups: [], uid: undefined, extra: new Map() };
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase();
    const value = raw[i + 1]!;
    if (name === 'impersonate-user') wanted.username = value;
    else if (name === 'impersonate-group') wanted.groups.push(value);
    else if (name === 'impersonate-uid') wanted.uid = value;
    else if (name.startsWith(EXTRA)) addExtra(wanted.extra, decodeKey(name.slice(EXTRA.length)), value);
  }
  return wanted;
}

function addExtra(extra: Map<string, string[]>, key: string, value: string): void {
  const known = extra.get(key);
  if (known) known.push(value);
  else extra.set(key, [value]);
}

/** Keys are percent-encoded, as header names may not hold slashes. */
function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

function neededAccess({ username, groups, uid, extra }: Wanted): ResourceAccess[] {
  const account = SERVICE_ACCOUNT.exec(username);
  const who: ResourceAccess = account
    ? { verb: 'impersonate', group: '', resource: 'serviceaccounts', namespace: account[1], name: account[2] }
    : { verb: 'impersonate', group: '', resource: 'users', name: username };
  const access: ResourceAccess[] = [who];
  for (const name of groups) access.push({ verb: 'impersonate', group: '', resource: 'groups', name });
  const authentication = { verb: 'impersonate', group: 'authentication.k8s.io' };
  if (uid !== undefined) access.push({ ...authentication, resource: 'uids', name: uid });
  for (const [subresource, names] of extra)
    for (const name of names) access.push({ ...authentication, resource: 'userextras', subresource, name });
  return access;
}

function asUser({ username, groups, uid, extra }: Wanted): UserInfo {
  const account = SERVICE_ACCOUNT.exec(username);
  const own =
    groups.length === 0 && account
      ? ['system:serviceaccounts', `system:serviceaccounts:${account[1]}`]
      : groups;
  const marker = username === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated';
  return {
    username,
    groups: [...new Set([...own, marker])],
    ...(uid !== undefined && { uid }),
    ...(extra.size > 0 && { extra: Object.fromEntries(extra) }),
  };
}
