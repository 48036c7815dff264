import { useEffect, useState, type ReactElement } from 'react';
import { NumberField } from '@krateyard/ui/forms/number-field.tsx';
import { Segmented } from '@krateyard/ui/forms/segmented.tsx';
import { SelectField } from '@krateyard/ui/forms/select-field.tsx';
import { TextField } from '@krateyard/ui/forms/text-field.tsx';
import { requestJson } from '@krateyard/ui/live/api-client';
import { MAX_CPU, RUN_STRATEGIES } from '../../contract/vm-create.ts';
import { asWukong } from './as-wukong.ts';
import { useForm } from './create-context.ts';
import { createStrings as strings } from './create-strings.ts';
import { FormSection } from './form-fields.tsx';

/** What it is called, where, and when it runs. */
export function SectionBasics(): ReactElement {
  const { form, change, errorOf } = useForm();
  const namespaces = useNamespaces();
  return (
    <FormSection title={strings.basics}>
      <div className="form-grid">
        <TextField
          label={strings.name}
          hint={strings.nameHint}
          error={errorOf('name')}
          value={form.name}
          mono
          focused
          onChange={(name) => change({ name })}
        />
        <TextField
          label={strings.namespace}
          error={errorOf('namespace')}
          value={form.namespace}
          mono
          options={namespaces}
          onChange={(namespace) => change({ namespace })}
        />
        <OwnerField />
        <SelectField
          label={strings.runStrategy}
          error={errorOf('runStrategy')}
          value={form.runStrategy}
          options={RUN_STRATEGIES.filter((value) => value !== 'Once' || form.owner !== 'wukong').map(
            (value) => ({
              value,
              label: strings.strategies[value],
            }),
          )}
          onChange={(runStrategy) => change({ runStrategy })}
        />
        <TextField
          label={strings.labels}
          hint={strings.pairsHint}
          error={errorOf('labels')}
          value={form.labels}
          mono
          onChange={(labels) => change({ labels })}
        />
      </div>
    </FormSection>
  );
}

/** Where somebody else than KubeVirt can be asked. */
function OwnerField(): ReactElement | null {
  const { form, options, change, errorOf } = useForm();
  if (options?.wukong !== true && form.owner === 'kubevirt') return null;
  return (
    <SelectField
      label={strings.owner}
      hint={form.owner === 'wukong' ? strings.ownerHint(form.name.trim()) : undefined}
      error={errorOf('owner')}
      value={form.owner}
      options={(['kubevirt', 'wukong'] as const).map((value) => ({ value, label: strings.owners[value] }))}
      onChange={(owner) => change(owner === 'wukong' ? asWukong(form) : { owner })}
    />
  );
}

function useNamespaces(): readonly string[] {
  const [known, setKnown] = useState<readonly string[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    requestJson<{ namespaces?: readonly string[] | null }>('/api/cluster', { signal: stop.signal })
      .then(({ namespaces }) => setKnown(namespaces ?? []))
      .catch(() => {
        // One can type it.
      });
    return () => stop.abort();
  }, []);
  return known;
}

/** How large it is, said here or by an instance type. */
export function SectionSize(): ReactElement {
  const { form, options, change, errorOf } = useForm();
  const types = options?.instancetypes ?? [];
  if (form.owner === 'wukong')
    return (
      <FormSection title={strings.size}>
        <div className="form-grid">
          <OwnSize />
        </div>
      </FormSection>
    );
  return (
    <FormSection title={strings.size}>
      <Segmented
        label={strings.sizing}
        value={form.sizing}
        options={[
          { value: 'own', label: strings.own },
          { value: 'type', label: strings.byType },
        ]}
        onChange={(sizing) => change({ sizing })}
      />
      <div className="form-grid">
        {form.sizing === 'own' ? (
          <OwnSize />
        ) : (
          <SelectField
            label={strings.instancetype}
            hint={types.length === 0 ? strings.noTypes : undefined}
            error={errorOf('instancetype')}
            value={form.instancetype}
            options={[
              { value: '', label: strings.choose },
              ...types.map(({ scope, name, cpu, memory }) => ({
                value: `${scope}/${name}`,
                label: strings.typeFace(name, cpu, memory),
              })),
            ]}
            onChange={(instancetype) => change({ instancetype })}
          />
        )}
        <SelectField
          label={strings.preference}
          hint={strings.preferenceHint}
          error={errorOf('preference')}
          value={form.preference}
          options={[
            { value: '', label: strings.none },
            ...(options?.preferences ?? []).map(({ scope, name, description }) => ({
              value: `${scope}/${name}`,
              label: description === '' ? name : `${name} · ${description}`,
            })),
          ]}
          onChange={(preference) => change({ preference })}
        />
        <SelectField
          label={strings.firmware}
          error={errorOf('firmware')}
          value={form.firmware}
          options={(['', 'bios', 'efi', 'efi-secure'] as const).map((value) => ({
            value,
            label: strings.firmwares[value],
          }))}
          onChange={(firmware) => change({ firmware })}
        />
      </div>
    </FormSection>
  );
}

function OwnSize(): ReactElement {
  const { form, change, errorOf } = useForm();
  return (
    <>
      <NumberField
        label={strings.cpu}
        error={errorOf('cpu')}
        value={form.cpu}
        min={1}
        max={MAX_CPU}
        onChange={(cpu) => cpu !== undefined && change({ cpu })}
      />
      <TextField
        label={strings.memory}
        hint={strings.memoryHint}
        error={errorOf('memory')}
        value={form.memory}
        mono
        onChange={(memory) => change({ memory })}
      />
    </>
  );
}
