import type { ReactElement } from 'react';
import { Checkbox } from '@krateyard/ui/forms/checkbox.tsx';
import { TextField } from '@krateyard/ui/forms/text-field.tsx';
import { useForm } from './create-context.ts';
import { newDevice, nextId, type DeviceForm } from './create-form.ts';
import { createStrings as strings } from './create-strings.ts';
import { AddButton, FormItem, FormSection } from './form-fields.tsx';

/** GPUs and other devices of nodes. */
export function SectionDevices(): ReactElement {
  const { form, change } = useForm();
  const { gpus, hostDevices } = form;
  const add = (list: 'gpus' | 'hostDevices'): void =>
    change({ [list]: [...form[list], newDevice(nextId(form), [...gpus, ...hostDevices])] });
  return (
    <FormSection title={strings.hardware} lead={strings.hardwareLead}>
      <DeviceItems list="gpus" title={strings.gpu} />
      <DeviceItems list="hostDevices" title={strings.hostDevice} />
      <div className="form-adds">
        <AddButton text={strings.addGpu} onAdd={() => add('gpus')} />
        {form.owner === 'kubevirt' && <AddButton text={strings.addDevice} onAdd={() => add('hostDevices')} />}
      </div>
    </FormSection>
  );
}

function DeviceItems({
  list,
  title,
}: {
  readonly list: 'gpus' | 'hostDevices';
  readonly title: (name: string) => string;
}): ReactElement {
  const { form, options, change, errorOf } = useForm();
  const devices = form[list];
  const put = (index: number, device: DeviceForm): void => change({ [list]: devices.with(index, device) });
  return (
    <>
      {devices.map((device, index) => (
        <FormItem
          key={device.id}
          title={title(device.name)}
          error={errorOf(`${list}.${index}=`)}
          onRemove={() => change({ [list]: devices.toSpliced(index, 1) })}
        >
          <TextField
            label={strings.diskName}
            error={errorOf(`${list}.${index}.name`)}
            value={device.name}
            mono
            onChange={(name) => put(index, { ...device, name })}
          />
          <TextField
            label={strings.deviceName}
            hint={strings.deviceHint}
            error={errorOf(`${list}.${index}.deviceName`)}
            value={device.deviceName}
            mono
            options={(options?.devices ?? []).map(({ deviceName }) => deviceName)}
            onChange={(deviceName) => put(index, { ...device, deviceName })}
          />
        </FormItem>
      ))}
    </>
  );
}

/** On which nodes it may run. */
export function SectionPlacement(): ReactElement {
  const { form, change, errorOf } = useForm();
  return (
    <FormSection title={strings.placement}>
      <div className="form-grid">
        <TextField
          label={strings.nodeSelector}
          hint={strings.pairsHint}
          error={errorOf('placement.nodeSelector')}
          value={form.nodeSelector}
          mono
          onChange={(nodeSelector) => change({ nodeSelector })}
        />
        {form.owner === 'kubevirt' && <NodesAndNeighbours />}
        <TextField
          label={strings.tolerations}
          hint={strings.tolerationsHint}
          error={errorOf('placement.tolerations')}
          value={form.tolerations}
          mono
          rows={2}
          onChange={(tolerations) => change({ tolerations })}
        />
      </div>
    </FormSection>
  );
}

function NodesAndNeighbours(): ReactElement {
  const { form, options, change, errorOf } = useForm();
  return (
    <>
      <TextField
        label={strings.nodes}
        hint={strings.nodesHint}
        error={errorOf('placement.nodes')}
        value={form.nodes}
        mono
        options={(options?.nodes ?? []).map(({ name }) => name)}
        onChange={(nodes) => change({ nodes })}
      />
      <div className="form-stack">
        <TextField
          label={strings.apartFrom}
          hint={strings.apartFromHint}
          error={errorOf('placement.apartFrom')}
          value={form.apartFrom}
          mono
          onChange={(apartFrom) => change({ apartFrom })}
        />
        <Checkbox
          label={strings.apartRequired}
          checked={form.apartRequired}
          onChange={(apartRequired) => change({ apartRequired })}
        />
      </div>
    </>
  );
}
