import type { AccessQuestion } from '@krateyard/auth/access';
import type { Client } from '@krateyard/kube/client/client';
import { StatusError } from '@krateyard/status/status-error';
import type { VmAction, VmInfo } from '../contract/vm-api.ts';
import { VIRTUAL_MACHINES, WUKONGS, type Wukong } from './machine-types.ts';
import type { Verdict } from './until-machine.ts';
import { wukongStart, wukongStop, type StrategyPatch } from './wukong-lever.ts';

/** One verb: how it is asked for, and how it shows. */
export interface Lever {
  /** Past and present of the verb, for people. */
  readonly title: string;
  /** What the API server would ask; asked of it where there is nothing to ask for. */
  readonly right: (vm: VmInfo) => AccessQuestion;
  /** True: as wanted already, nothing is asked for. */
  readonly already: (vm: VmInfo) => boolean;
  /** `wukong`: its owner, where it has one that may be read. */
  readonly pull: (
    client: Client,
    vm: VmInfo,
    wukong: Wukong | undefined,
    signal: AbortSignal,
  ) => Promise<unknown>;
  /** Whether the machine, as it is now (undefined: gone), shows that it has happened. `before`: as it was when asked for. */
  readonly judge: (vm: VmInfo | undefined, before: VmInfo) => Verdict;
}

const ASKED = { group: 'subresources.kubevirt.io', version: 'v1' } as const;

const GONE = (vm: VmInfo): StatusError =>
  new StatusError('Gone', `The virtual machine ${vm.namespace}/${vm.name} was deleted meanwhile.`);

/** Judges machines that are still there. */
const whileThere =
  (seen: (vm: VmInfo, before: VmInfo) => boolean): Lever['judge'] =>
  (vm, before) =>
    vm === undefined || vm.id !== before.id ? GONE(before) : seen(vm, before) ? 'seen' : 'waiting';

const onMachine =
  (subresource: string) =>
  ({ namespace, name, wukong }: VmInfo): AccessQuestion =>
    wukong !== undefined && subresource !== 'restart' && subresource !== 'migrate'
      ? { verb: 'patch', resource: WUKONGS, namespace, name: wukong }
      : { verb: 'update', resource: { ...ASKED, resource: 'virtualmachines' }, subresource, namespace, name };

const onInstance =
  (subresource: string) =>
  ({ namespace, name }: VmInfo): AccessQuestion => ({
    verb: 'update',
    resource: { ...ASKED, resource: 'virtualmachineinstances' },
    subresource,
    namespace,
    name,
  });

export const LEVERS: Readonly<Record<VmAction, Lever>> = {
  start: {
    title: 'Start',
    right: onMachine('start'),
    // A Wukong that wants it off takes it down again.
    already: ({ phase, autoStart }) => phase === 'Running' && autoStart !== false,
    pull: (client, vm, wukong, signal) => {
      const patch = wukongStart(vm, wukong);
      return patch
        ? setStrategy(client, vm, patch, signal)
        : subresource(client, vm, 'virtualmachines', 'start', signal);
    },
    judge: whileThere(({ phase }) => phase === 'Running'),
  },
  stop: {
    title: 'Stop',
    right: onMachine('stop'),
    already: (vm) => vm.phase === '' && vm.status === 'Stopped' && !wukongStop(vm),
    pull: (client, vm, _wukong, signal) => {
      const patch = wukongStop(vm);
      return patch
        ? setStrategy(client, vm, patch, signal)
        : subresource(client, vm, 'virtualmachines', 'stop', signal);
    },
    judge: whileThere(({ phase }) => phase === '' || phase === 'Succeeded' || phase === 'Failed'),
  },
  restart: {
    title: 'Restart',
    right: onMachine('restart'),
    already: () => false,
    pull: (client, vm, _wukong, signal) => subresource(client, vm, 'virtualmachines', 'restart', signal),
    judge: whileThere(
      (vm, before) => vm.phase === 'Running' && (vm.startedAt ?? 0) > (before.startedAt ?? 0),
    ),
  },
  pause: {
    title: 'Pause',
    right: onInstance('pause'),
    already: ({ paused }) => paused,
    pull: (client, vm, _wukong, signal) =>
      subresource(client, vm, 'virtualmachineinstances', 'pause', signal),
    judge: whileThere(({ paused }) => paused),
  },
  unpause: {
    title: 'Resume',
    right: onInstance('unpause'),
    already: ({ phase, paused }) => phase === 'Running' && !paused,
    pull: (client, vm, _wukong, signal) =>
      subresource(client, vm, 'virtualmachineinstances', 'unpause', signal),
    judge: whileThere(({ paused }) => !paused),
  },
  reset: {
    title: 'Reset',
    right: onInstance('reset'),
    already: () => false,
    pull: (client, vm, _wukong, signal) =>
      subresource(client, vm, 'virtualmachineinstances', 'reset', signal),
    // A reset shows nowhere but on the screen: that it was taken is all there is to see.
    judge: whileThere(() => true),
  },
  migrate: {
    title: 'Migrate',
    right: onMachine('migrate'),
    already: () => false,
    pull: (client, vm, _wukong, signal) => subresource(client, vm, 'virtualmachines', 'migrate', signal),
    judge: whileThere((vm, before) => vm.phase === 'Running' && vm.nodeName !== before.nodeName),
  },
  delete: {
    title: 'Delete',
    right: ({ namespace, name, wukong }) =>
      wukong === undefined
        ? { verb: 'delete', resource: VIRTUAL_MACHINES, namespace, name }
        : { verb: 'delete', resource: WUKONGS, namespace, name: wukong },
    already: () => false,
    // Without its Wukong it would be made anew.
    pull: (client, vm, wukong, signal) =>
      vm.wukong === undefined
        ? client.delete(VIRTUAL_MACHINES, vm.name, vm.namespace, { signal, preconditions: { uid: vm.id } })
        : client.delete(WUKONGS, vm.wukong, vm.namespace, {
            signal,
            ...(wukong?.metadata.uid !== undefined && { preconditions: { uid: wukong.metadata.uid } }),
          }),
    judge: (vm, before) => (vm === undefined || vm.id !== before.id ? 'seen' : 'waiting'),
  },
};

function subresource(
  client: Client,
  { namespace, name }: VmInfo,
  of: 'virtualmachines' | 'virtualmachineinstances',
  what: string,
  signal: AbortSignal,
): Promise<unknown> {
  const path = `/apis/subresources.kubevirt.io/v1/namespaces/${encodeURIComponent(namespace)}/${of}/${encodeURIComponent(name)}/${what}`;
  // They answer with nothing, and 406 to who accepts JSON only.
  return client.request({ method: 'PUT', path, body: {}, headers: { accept: '*/*' }, signal });
}

/** Its operator writes the machine: what it is not told it takes back. */
function setStrategy(
  client: Client,
  { namespace, wukong }: VmInfo,
  startStrategy: StrategyPatch,
  signal: AbortSignal,
): Promise<unknown> {
  return client.patch(
    WUKONGS,
    { name: wukong!, namespace },
    'merge',
    { spec: { startStrategy } },
    { signal },
  );
}
