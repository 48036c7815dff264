import { navigate } from 'wouter/use-browser-location';
import { requestJson } from '@krateyard/ui/live/api-client';
import { toast } from '@krateyard/ui/parts/toasts';
import type { KindList } from '../../contract/resource-api.ts';
import { subjectHref } from '../events/event-subject.ts';
import { eventStrings } from '../events/event-strings.ts';
import { actionStrings as strings } from './action-strings.ts';
import type { ObjectAction } from './object-action.ts';
import { patchRight } from './workload-actions.ts';

/** From an event to what it is about. */
export const subjectAction: ObjectAction = {
  id: 'to-subject',
  label: eventStrings.toSubject,
  icon: 'expand',
  keys: 'a',
  group: 'open',
  fits: ({ kind }) => kind.resource === 'events',
  right: (target) => ({ ...patchRight(target), verb: 'get' }),
  many: false,
  run: async ([target]) => {
    if (!target) return;
    const { items } = await requestJson<KindList>('/api/resources');
    const href = subjectHref(target.object, items);
    if (href === undefined) toast('warn', strings.noSubject);
    else navigate(href);
  },
};
