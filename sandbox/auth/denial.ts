import { StatusError } from '@krateyard/status/status-error';
import { forbidden } from '../api/api-errors.ts';
import type { UserInfo } from '../api/user.ts';
import type { AccessAttributes, ResourceAccess } from './rbac-rules.ts';

/** `User "bob" cannot list resource "pods" in API group "" in the namespace "team-a"`. */
export function denialText(user: UserInfo, access: ResourceAccess): string {
  const scope =
    (access.namespace ?? '') === '' ? 'at the cluster scope' : `in the namespace "${access.namespace}"`;
  const resource =
    (access.subresource ?? '') === '' ? access.resource : `${access.resource}/${access.subresource}`;
  return `User "${user.username}" cannot ${access.verb} resource "${resource}" in API group "${access.group}" ${scope}`;
}

export function denied(user: UserInfo, access: AccessAttributes): StatusError {
  if ('path' in access)
    return new StatusError(
      'Forbidden',
      `forbidden: User "${user.username}" cannot ${access.verb} path "${access.path}"`,
      { details: {} },
    );
  return forbidden(access, access.name, denialText(user, access));
}
