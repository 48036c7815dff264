import { requestJson } from '@krateyard/ui/live/api-client';
import type {
  VmChanged,
  VmChangeRequest,
  VmCreated,
  VmCreateRequest,
  VmDryRun,
  VmEditable,
  VmOptions,
} from '../../contract/vm-create.ts';

const query = (namespace: string, more: Record<string, string> = {}): string =>
  new URLSearchParams({ namespace, ...more }).toString();

export const readOptions = (namespace: string, signal: AbortSignal): Promise<VmOptions> =>
  requestJson(`/api/vm-options?${query(namespace)}`, { signal });

/** A refusal is part of the answer: it is no failure that a form is not whole yet. */
export const dryRun = (namespace: string, body: VmCreateRequest, signal: AbortSignal): Promise<VmDryRun> =>
  requestJson(`/api/vms?${query(namespace, { dryRun: 'true', refusals: 'inside' })}`, {
    method: 'POST',
    body,
    signal,
  });

export const createMachine = (namespace: string, body: VmCreateRequest): Promise<VmCreated> =>
  requestJson(`/api/vms?${query(namespace)}`, { method: 'POST', body });

const at = (name: string, part = ''): string => `/api/vms/${encodeURIComponent(name)}${part}`;

export const readEditable = (namespace: string, name: string, signal?: AbortSignal): Promise<VmEditable> =>
  requestJson(`${at(name, '/edit')}?${query(namespace)}`, signal && { signal });

export const changeMachine = (namespace: string, name: string, body: VmChangeRequest): Promise<VmChanged> =>
  requestJson(`${at(name)}?${query(namespace)}`, { method: 'PATCH', body });
