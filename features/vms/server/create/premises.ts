import type { Client } from '@krateyard/kube/client/client';
import { isNotFound } from '@krateyard/status/status-error';
import type { Premise } from './machine-maker.ts';
import type { Problems } from './problems.ts';

const KINDS: Readonly<Record<string, string>> = {
  secrets: 'Secret',
  persistentvolumeclaims: 'PersistentVolumeClaim',
  storageclasses: 'StorageClass',
  datavolumes: 'DataVolume',
  datasources: 'DataSource',
  'network-attachment-definitions': 'NetworkAttachmentDefinition',
  virtualmachineclusterinstancetypes: 'cluster instance type',
  virtualmachineinstancetypes: 'instance type',
  virtualmachineclusterpreferences: 'cluster preference',
  virtualmachinepreferences: 'preference',
};

/**
 * Looks, as the person, for what the machine will need. What one may not look at is not checked: KubeVirt will tell. KubeVirt
 * itself takes machines whose instance type, claim or Secret is not there, and then waits.
 */
export async function checkPremises(
  client: Client,
  premises: readonly Premise[],
  problems: Problems,
  signal: AbortSignal,
): Promise<void> {
  const answers = await Promise.all(premises.map((one) => isThere(client, one, signal)));
  for (const [index, { field, gvr, name, namespace, must, taken }] of premises.entries()) {
    const there = answers[index];
    const what = `${KINDS[gvr.resource] ?? gvr.resource} "${name}"`;
    const where = namespace === undefined ? '' : ` in ${namespace}`;
    if (must === 'exist' && there === false)
      problems.add(field, `there is no ${what}${where}`, 'FieldValueNotFound');
    if (must === 'be-new' && there === true)
      problems.add(
        field,
        taken ?? `the disk would be kept in ${what}${where}, and there is one already`,
        'FieldValueDuplicate',
      );
  }
}

/** undefined: that cannot be known. */
async function isThere(
  client: Client,
  { gvr, name, namespace }: Premise,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  try {
    await client.get(gvr, name, namespace, { signal });
    return true;
  } catch (error) {
    signal.throwIfAborted();
    return isNotFound(error) ? false : undefined;
  }
}
