import { createContext, useContext } from 'react';
import type { LiveSource } from './live-source.ts';

export const LiveContext = createContext<LiveSource | undefined>(undefined);

export function useLiveSource(): LiveSource {
  const source = useContext(LiveContext);
  if (!source) throw new Error('No LiveContext above this component');
  return source;
}
