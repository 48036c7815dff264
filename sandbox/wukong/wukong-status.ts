import { canonical } from '../life/hash.ts';
import { condition, withCondition } from '../life/pod-state.ts';
import type { Condition } from '../life/pod-types.ts';
import { isFinal } from '../kubevirt/instance-controller.ts';
import type { Instance, VirtualMachine } from '../kubevirt/vm-types.ts';
import { isUnsupported, vmNameOf } from './wukong-machine.ts';
import type { VolumesSeen } from './wukong-volumes.ts';
import type { Wukong, WukongPhase } from './wukong-types.ts';

export interface WukongSeen {
  readonly volumes: VolumesSeen;
  readonly vm: VirtualMachine | undefined;
  readonly instance: Instance | undefined;
  /** What keeps the operator from its work. */
  readonly problem?: { readonly reason: string; readonly message: string };
}

const FAILED = /Err|Error|CrashLoop|BackOff|Failed/;

/** The status that a Wukong shall have, or undefined where it has it. */
export function wukongStatus(wukong: Wukong, seen: WukongSeen, time: string): object | undefined {
  const { vm, instance, volumes } = seen;
  const shown = wukong.status;
  const status = {
    phase: phaseOf(seen),
    vmName: vm ? vmNameOf(wukong) : null,
    nodeName: instance && !isFinal(instance) ? (instance.status?.nodeName ?? null) : null,
    conditions: conditionsOf(wukong, seen, time),
    networks: networksOf(wukong, instance),
    volumes: volumes.volumes,
  };
  const changed = Object.entries(status).some(
    ([field, value]) => canonical(value ?? undefined) !== canonical(shown?.[field as keyof typeof shown]),
  );
  return changed ? status : undefined;
}

function phaseOf({ vm, instance, volumes, problem }: WukongSeen): WukongPhase {
  if (problem || volumes.waits?.reason === 'ImportFailed' || volumes.waits?.reason === 'NoImporter')
    return 'Error';
  if (!vm) return volumes.waits ? 'Pending' : 'Creating';
  if (instance?.status?.phase === 'Running') return 'Running';
  const word = vm.status?.printableStatus ?? '';
  if (FAILED.test(word)) return 'Error';
  return word === 'Stopped' ? 'Stopped' : 'Creating';
}

function conditionsOf(wukong: Wukong, seen: WukongSeen, time: string): Condition[] {
  const { volumes, problem, instance } = seen;
  const unsupported = (wukong.spec.networks ?? []).filter(isUnsupported).map(({ name }) => name);
  const told: Condition[] = [
    volumes.waits
      ? { type: 'VolumesBound', status: 'False', ...volumes.waits }
      : { type: 'VolumesBound', status: 'True', reason: 'Bound', message: '' },
    unsupported.length > 0
      ? {
          type: 'NetworksConfigured',
          status: 'False',
          reason: 'UnsupportedType',
          message: `macvlan networks cannot be attached to virtual machines: ${unsupported.join(', ')}`,
        }
      : { type: 'NetworksConfigured', status: 'True', reason: 'Configured', message: '' },
    readiness(seen.vm, instance, problem),
  ];
  const kinds = new Set(told.map(({ type }) => type));
  const known = (wukong.status?.conditions ?? []).filter(({ type }) => kinds.has(type));
  return told.reduce<Condition[]>((all, one) => withCondition(all, one, time), known);
}

function readiness(
  vm: VirtualMachine | undefined,
  instance: Instance | undefined,
  problem: WukongSeen['problem'],
): Condition {
  if (problem) return { type: 'Ready', status: 'False', ...problem };
  if (instance && condition(instance, 'Ready')?.status === 'True')
    return { type: 'Ready', status: 'True', reason: 'Running', message: '' };
  const message = condition({ status: { conditions: vm?.status?.conditions ?? [] } }, 'Ready')?.message ?? '';
  return { type: 'Ready', status: 'False', reason: vm?.status?.printableStatus || 'NotCreated', message };
}

/** What the instance's interfaces are called in the Wukong; the pod network is `default`. */
function networksOf({ spec, metadata }: Wukong, instance: Instance | undefined): object[] {
  const live = instance && !isFinal(instance) ? (instance.status?.interfaces ?? []) : [];
  const wanted = spec.networks ?? [];
  return live.map(({ name = '', ipAddress, mac }, index) => {
    const network = wanted.find((one) => one.name === name);
    return {
      name,
      interface: `eth${index}`,
      ...(ipAddress !== undefined && { ipAddress }),
      ...(mac !== undefined && { macAddress: mac }),
      ...(network && { nadName: network.nadName ?? `${metadata.name}-${name}-nad` }),
      ...(network?.primary !== undefined && { primary: network.primary }),
    };
  });
}
