import { useEffect } from 'react';
import { Store } from '@krateyard/ui/live/store';
import { useStore } from '@krateyard/ui/live/use-store';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { lastWriter } from '../yaml/field-owners.ts';
import { objectEditApi } from '../yaml/object-edit-api.ts';
import type { ManagedFieldsEntry } from '@krateyard/kube/meta/object';
import { attributed, NO_HISTORY, seen, versionOf, type ChangeHistory } from './change-history.ts';

/** Of the objects that were open in this tab, by uid; the longest not opened go. */
const histories = new Map<string, Store<ChangeHistory>>();
const KEPT = 12;
/** An object that changes all the time is not asked about at each change. */
const ASK_MS = 2500;

/** Records the states of an object while mounted, and asks who wrote them. */
export function useHistory(kindPath: string, object: LiveObject, gone: boolean): ChangeHistory {
  const store = historyOf(object.metadata.uid ?? `${kindPath} ${object.metadata.name ?? ''}`);
  useEffect(() => store.set(seen(store.get(), object, Date.now(), gone)), [store, object, gone]);
  const { name = '', namespace } = object.metadata;
  const last = versionOf(object);
  useEffect(() => {
    if (gone) return undefined;
    let wanted = true;
    const timer = setTimeout(() => {
      objectEditApi(kindPath, namespace, name)
        .read()
        .then((read) => {
          const who = lastWriter(read.metadata['managedFields'] as readonly ManagedFieldsEntry[] | undefined);
          if (wanted && who) store.set(attributed(store.get(), versionOf(read), who.manager));
        })
        .catch(() => {
          // Who it was stays unknown.
        });
    }, ASK_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [store, kindPath, namespace, name, last, gone]);
  return useStore(store);
}

function historyOf(uid: string): Store<ChangeHistory> {
  const known = histories.get(uid) ?? new Store(NO_HISTORY);
  histories.delete(uid);
  histories.set(uid, known);
  const oldest = histories.keys().next();
  if (histories.size > KEPT && !oldest.done) histories.delete(oldest.value);
  return known;
}
