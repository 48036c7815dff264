import { useEffect, useState } from 'react';
import { requestJson } from '@krateyard/ui/live/api-client';
import { useLiveSource } from '@krateyard/ui/live/live-context';
import type { ClusterInfo } from '../../contract/resource-api.ts';

/** Asked once for each sign-in; '' until it is known. */
const names = new WeakMap<object, Promise<string>>();

export function usePersonName(): string {
  const source = useLiveSource();
  const [name, setName] = useState('');
  useEffect(() => {
    let shown = true;
    const asked = names.get(source) ?? ask();
    names.set(source, asked);
    void asked.then((known) => shown && setName(known));
    return () => {
      shown = false;
    };
  }, [source]);
  return name;
}

const ask = (): Promise<string> =>
  requestJson<ClusterInfo>('/api/cluster')
    .then(({ user }) => user.username)
    .catch(() => '');
