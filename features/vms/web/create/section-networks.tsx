import type { ReactElement } from 'react';
import { Checkbox } from '@krateyard/ui/forms/checkbox.tsx';
import { SelectField } from '@krateyard/ui/forms/select-field.tsx';
import { TextField } from '@krateyard/ui/forms/text-field.tsx';
import { NETWORK_MODELS } from '../../contract/vm-create.ts';
import { useForm } from './create-context.ts';
import { newNetwork, nextId, type NetworkForm } from './create-form.ts';
import { createStrings as strings } from './create-strings.ts';
import { AddButton, FormItem, FormSection } from './form-fields.tsx';

export function SectionNetworks(): ReactElement {
  const { form, options, change } = useForm();
  const { networks } = form;
  return (
    <FormSection title={strings.networks}>
      {networks.map((network, index) => (
        <NetworkItem
          key={network.id}
          network={network}
          index={index}
          onChange={(next) => change({ networks: networks.with(index, next) })}
          onRemove={
            networks.length > 1 ? () => change({ networks: networks.toSpliced(index, 1) }) : undefined
          }
        />
      ))}
      {options?.multus === false ? (
        <p className="absent">{strings.noMultus}</p>
      ) : (
        <AddButton
          text={strings.addNetwork}
          onAdd={() => change({ networks: [...networks, newNetwork(nextId(form), networks)] })}
        />
      )}
    </FormSection>
  );
}

interface NetworkProps {
  readonly network: NetworkForm;
  readonly index: number;
  readonly onChange: (network: NetworkForm) => void;
}

function NetworkItem(props: NetworkProps & { readonly onRemove: (() => void) | undefined }): ReactElement {
  const { network, index, onChange, onRemove } = props;
  const { form, options, errorOf } = useForm();
  const at = (key: string): string | undefined => errorOf(`networks.${index}.${key}`);
  const offered = (options?.networks ?? []).map(({ name, namespace, type }) => {
    const value = namespace === form.namespace ? name : `${namespace}/${name}`;
    return { value, label: type === '' ? value : `${value} · ${type}` };
  });
  return (
    <FormItem title={strings.network(network.name)} onRemove={onRemove} error={errorOf(`networks.${index}=`)}>
      <TextField
        label={strings.networkName}
        error={at('name')}
        value={network.name}
        mono
        onChange={(name) => onChange({ ...network, name })}
      />
      <SelectField
        label={strings.attachment}
        error={at('nadName')}
        value={network.nadName}
        options={[{ value: '', label: strings.podNetwork }, ...offered]}
        onChange={(nadName) => onChange({ ...network, nadName })}
      />
      {form.owner === 'kubevirt' && <NetworkCard {...props} />}
      {network.nadName !== '' && <FixedAddress {...props} />}
    </FormItem>
  );
}

function NetworkCard({ network, index, onChange }: NetworkProps): ReactElement {
  const { errorOf } = useForm();
  const at = (key: string): string | undefined => errorOf(`networks.${index}.${key}`);
  return (
    <>
      <TextField
        label={strings.mac}
        hint={strings.macHint}
        error={at('macAddress')}
        value={network.macAddress}
        mono
        onChange={(macAddress) => onChange({ ...network, macAddress })}
      />
      <SelectField
        label={strings.model}
        error={at('model')}
        value={network.model}
        options={[
          { value: '' as const, label: strings.defaultModel },
          ...NETWORK_MODELS.map((value) => ({ value, label: value })),
        ]}
        onChange={(model) => onChange({ ...network, model })}
      />
    </>
  );
}

function FixedAddress({ network, index, onChange }: NetworkProps): ReactElement {
  const { errorOf } = useForm();
  const at = (key: string): string | undefined => errorOf(`networks.${index}.ipConfig.${key}`);
  return (
    <>
      <Checkbox
        label={strings.fixed}
        checked={network.fixed}
        onChange={(fixed) => onChange({ ...network, fixed })}
      />
      {network.fixed && (
        <>
          <TextField
            label={strings.address}
            hint={strings.addressHint}
            error={at('address')}
            value={network.address}
            mono
            onChange={(address) => onChange({ ...network, address })}
          />
          <TextField
            label={strings.gateway}
            error={at('gateway')}
            value={network.gateway}
            mono
            onChange={(gateway) => onChange({ ...network, gateway })}
          />
          <TextField
            label={strings.dnsServers}
            hint={strings.dnsHint}
            error={at('dnsServers')}
            value={network.dnsServers}
            mono
            onChange={(dnsServers) => onChange({ ...network, dnsServers })}
          />
        </>
      )}
    </>
  );
}
