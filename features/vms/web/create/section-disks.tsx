import type { ReactElement } from 'react';
import { Checkbox } from '@krateyard/ui/forms/checkbox.tsx';
import { SelectField } from '@krateyard/ui/forms/select-field.tsx';
import { TextField } from '@krateyard/ui/forms/text-field.tsx';
import { DISK_BUSES } from '../../contract/vm-create.ts';
import { WUKONG_SOURCES } from './as-wukong.ts';
import { useForm } from './create-context.ts';
import { hasClaim, hasSize, newDisk, nextId, type DiskForm, type SourceType } from './create-form.ts';
import { createStrings as strings } from './create-strings.ts';
import { AddButton, FormItem, FormSection } from './form-fields.tsx';

const SOURCES: readonly SourceType[] = [
  'containerDisk',
  'registry',
  'http',
  'dataSource',
  'clone',
  'claim',
  'blank',
  'empty',
];
const IMPORTED = new Set<SourceType>(['registry', 'http', 'dataSource', 'clone']);

export function SectionDisks(): ReactElement {
  const { form, change } = useForm();
  const { disks } = form;
  const put = (index: number, disk: DiskForm): void => change({ disks: disks.with(index, disk) });
  return (
    <FormSection title={strings.disks}>
      {disks.map((disk, index) => (
        <DiskItem
          key={disk.id}
          disk={disk}
          index={index}
          onChange={(next) => put(index, next)}
          onRemove={disks.length > 1 ? () => change({ disks: disks.toSpliced(index, 1) }) : undefined}
        />
      ))}
      <AddButton
        text={strings.addDisk}
        onAdd={() => change({ disks: [...disks, newDisk(nextId(form), disks)] })}
      />
    </FormSection>
  );
}

interface DiskProps {
  readonly disk: DiskForm;
  readonly index: number;
  readonly onChange: (disk: DiskForm) => void;
}

function DiskItem(props: DiskProps & { readonly onRemove: (() => void) | undefined }): ReactElement {
  const { disk, index, onChange, onRemove } = props;
  const { options, errorOf, form } = useForm();
  const at = (key: string): string | undefined => errorOf(`disks.${index}.${key}`);
  const wukong = form.owner === 'wukong';
  return (
    <FormItem title={strings.disk(disk.name)} onRemove={onRemove} error={errorOf(`disks.${index}=`)}>
      <TextField
        label={strings.diskName}
        error={at('name')}
        value={disk.name}
        mono
        onChange={(name) => onChange({ ...disk, name })}
      />
      <SelectField
        label={strings.source}
        error={at('source.type')}
        value={disk.source}
        options={(wukong ? WUKONG_SOURCES : SOURCES).map((value) => ({
          value,
          label: `${strings.sources[value]}${IMPORTED.has(value) && options?.cdi === false ? strings.needsCdi : ''}`,
        }))}
        onChange={(source) => onChange({ ...disk, source, from: '' })}
      />
      <DiskFrom {...props} />
      {hasSize(disk.source) && (
        <TextField
          label={strings.diskSize}
          hint={strings.diskSizeHint}
          error={at('size')}
          value={disk.size}
          mono
          onChange={(size) => onChange({ ...disk, size })}
        />
      )}
      {hasClaim(disk.source) && <StorageClassField {...props} />}
      {!wukong && <DiskDevice {...props} />}
      <Checkbox
        label={strings.boot}
        hint={strings.bootHint}
        checked={disk.boot}
        onChange={(boot) => onChange({ ...disk, boot })}
      />
    </FormItem>
  );
}

function DiskDevice({ disk, index, onChange }: DiskProps): ReactElement {
  const { errorOf } = useForm();
  const at = (key: string): string | undefined => errorOf(`disks.${index}.${key}`);
  return (
    <>
      <SelectField
        label={strings.device}
        error={at('device')}
        value={disk.device}
        options={(['disk', 'cdrom'] as const).map((value) => ({ value, label: strings.devices[value] }))}
        onChange={(device) => onChange({ ...disk, device })}
      />
      <SelectField
        label={strings.bus}
        error={at('bus')}
        value={disk.bus}
        options={(['', ...DISK_BUSES] as const).map((value) => ({ value, label: strings.buses[value] }))}
        onChange={(bus) => onChange({ ...disk, bus })}
      />
    </>
  );
}

function StorageClassField({ disk, index, onChange }: DiskProps): ReactElement {
  const { options, errorOf, form } = useForm();
  return (
    <SelectField
      label={strings.storageClass}
      error={errorOf(`disks.${index}.storageClassName`)}
      value={disk.storageClassName}
      options={[
        { value: '', label: form.owner === 'wukong' ? strings.choose : strings.defaultClass },
        ...(options?.storageClasses ?? []).map(({ name, isDefault }) => ({
          value: name,
          label: isDefault ? strings.isDefault(name) : name,
        })),
      ]}
      onChange={(storageClassName) => onChange({ ...disk, storageClassName })}
    />
  );
}

/** What the disk is filled from: its field depends on the source. */
function DiskFrom({ disk, index, onChange }: DiskProps): ReactElement | null {
  const { options, errorOf, form } = useForm();
  const put = (from: string): void => onChange({ ...disk, from });
  const field = (key: string, label: string, hint?: string, offered?: readonly string[]): ReactElement => (
    <TextField
      label={label}
      hint={hint}
      error={errorOf(`disks.${index}.source.${key}`)}
      value={disk.from}
      mono
      {...(offered && { options: offered })}
      onChange={put}
    />
  );
  const claims = options?.claims.map(({ name }) => name) ?? [];
  switch (disk.source) {
    case 'containerDisk':
      return field('image', strings.image, strings.imageHint, options?.images ?? []);
    case 'registry':
      return (
        <>
          {field('image', strings.image, strings.imageHint, options?.images ?? [])}
          <SecretField disk={disk} index={index} onChange={onChange} />
        </>
      );
    case 'http':
      return (
        <>
          {field('url', strings.url, strings.urlHint)}
          <SecretField disk={disk} index={index} onChange={onChange} />
        </>
      );
    case 'dataSource': {
      const offered = (options?.dataSources ?? []).map(({ name, namespace }) =>
        namespace === form.namespace ? name : `${namespace}/${name}`,
      );
      return field('name', strings.dataSource, undefined, offered);
    }
    case 'clone':
      return field('claim', strings.claim, strings.cloneHint, claims);
    case 'claim':
      return field('claim', strings.claim, undefined, claims);
    case 'blank':
    case 'empty':
      return null;
  }
}

function SecretField({ disk, index, onChange }: DiskProps): ReactElement | null {
  const { options, errorOf, form } = useForm();
  if (form.owner === 'wukong') return null;
  return (
    <TextField
      label={strings.secret}
      hint={strings.secretHint}
      error={errorOf(`disks.${index}.source.secret`)}
      value={disk.secret}
      mono
      options={options?.secrets ?? []}
      onChange={(secret) => onChange({ ...disk, secret })}
    />
  );
}
