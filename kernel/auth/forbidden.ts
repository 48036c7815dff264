import { StatusError } from '@krateyard/status/status-error';
import type { AccessAnswer, AccessQuestion } from './access.ts';
import type { Principal } from './principal.ts';

/** The API server's own words for a denied request, so that people find them where they look for them. */
export function forbidden(who: Principal, question: AccessQuestion, answer: AccessAnswer): StatusError {
  const { group, resource } = question.resource;
  const qualified = group === '' ? resource : `${resource}.${group}`;
  const named = question.name ? ` "${question.name}"` : '';
  const what = question.subresource ? `${resource}/${question.subresource}` : resource;
  const where = question.namespace ? `in the namespace "${question.namespace}"` : 'at the cluster scope';
  const reason = answer.reason ? `: ${answer.reason}` : '';
  return new StatusError(
    'Forbidden',
    `${qualified}${named} is forbidden: User "${who.username}" cannot ${question.verb} resource "${what}" in API group "${group}" ${where}${reason}`,
    { details: { ...(question.name ? { name: question.name } : {}), group, kind: resource } },
  );
}
