import type { ReactElement } from 'react';
import { Checkbox } from '@krateyard/ui/forms/checkbox.tsx';
import { Field } from '@krateyard/ui/forms/field.tsx';
import { Segmented } from '@krateyard/ui/forms/segmented.tsx';
import { TextField } from '@krateyard/ui/forms/text-field.tsx';
import { useForm } from './create-context.ts';
import { newUser, nextId, type CreateForm, type UserForm } from './create-form.ts';
import { createStrings as strings } from './create-strings.ts';
import { AddButton, FormItem, FormSection } from './form-fields.tsx';

const WAYS = ['none', 'parts', 'text', 'secret'] as const satisfies readonly CreateForm['start'][];

/** What cloud-init is told. */
export function SectionStart(): ReactElement {
  const { form, change } = useForm();
  return (
    <FormSection title={strings.start} lead={strings.startLead}>
      <Segmented
        label={strings.startHow}
        value={form.start}
        options={WAYS.filter((way) => form.owner === 'kubevirt' || way === 'none' || way === 'parts').map(
          (value) => ({ value, label: strings.starts[value] }),
        )}
        onChange={(start) => change({ start })}
      />
      {form.start === 'parts' && <StartParts />}
      {form.start === 'text' && <StartTexts />}
      {form.start === 'secret' && <StartSecret />}
    </FormSection>
  );
}

function StartParts(): ReactElement {
  const { form, change } = useForm();
  const { users } = form;
  return (
    <>
      {users.map((user, index) => (
        <UserItem
          key={user.id}
          user={user}
          index={index}
          onChange={(next) => change({ users: users.with(index, next) })}
          onRemove={() => change({ users: users.toSpliced(index, 1) })}
        />
      ))}
      {form.owner === 'wukong' ? (
        users.length === 0 && <AddUser />
      ) : (
        <>
          <AddUser />
          <StartMore />
        </>
      )}
    </>
  );
}

function AddUser(): ReactElement {
  const { form, change } = useForm();
  return (
    <AddButton
      text={strings.addUser}
      onAdd={() => change({ users: [...form.users, newUser(nextId(form))] })}
    />
  );
}

/** What KubeVirt tells the guest beside its users. */
function StartMore(): ReactElement {
  const { form, change, errorOf } = useForm();
  return (
    <div className="form-grid">
      <TextField
        label={strings.hostname}
        hint={strings.hostnameHint}
        error={errorOf('cloudInit.hostname')}
        value={form.hostname}
        mono
        onChange={(hostname) => change({ hostname })}
      />
      <KeySecrets />
      <TextField
        label={strings.packages}
        hint={strings.lineHint}
        error={errorOf('cloudInit.packages')}
        value={form.packages}
        mono
        rows={2}
        onChange={(packages) => change({ packages })}
      />
      <TextField
        label={strings.commands}
        hint={strings.lineHint}
        error={errorOf('cloudInit.commands')}
        value={form.commands}
        mono
        rows={2}
        onChange={(commands) => change({ commands })}
      />
    </div>
  );
}

function UserItem(props: {
  readonly user: UserForm;
  readonly index: number;
  readonly onChange: (user: UserForm) => void;
  readonly onRemove: () => void;
}): ReactElement {
  const { user, index, onChange, onRemove } = props;
  const { errorOf, form } = useForm();
  const at = (key: string): string | undefined => errorOf(`cloudInit.users.${index}.${key}`);
  return (
    <FormItem title={strings.user(user.name)} onRemove={onRemove}>
      <TextField
        label={strings.userName}
        error={at('name')}
        value={user.name}
        mono
        onChange={(name) => onChange({ ...user, name })}
      />
      {form.owner === 'kubevirt' && (
        <Field label={strings.password} hint={strings.passwordHint} error={at('password')}>
          {(control) => (
            <input
              {...control}
              type="password"
              autoComplete="new-password"
              value={user.password}
              onChange={(event) => onChange({ ...user, password: event.target.value })}
            />
          )}
        </Field>
      )}
      <div className="form-whole">
        <TextField
          label={strings.sshKeys}
          hint={strings.sshKeysHint}
          error={at('sshKeys')}
          value={user.sshKeys}
          mono
          rows={2}
          onChange={(sshKeys) => onChange({ ...user, sshKeys })}
        />
      </div>
      <Checkbox label={strings.sudo} checked={user.sudo} onChange={(sudo) => onChange({ ...user, sudo })} />
    </FormItem>
  );
}

function KeySecrets(): ReactElement {
  const { form, options, change, errorOf } = useForm();
  return (
    <TextField
      label={strings.sshKeySecrets}
      hint={strings.sshKeySecretsHint}
      error={errorOf('cloudInit.sshKeySecrets')}
      value={form.sshKeySecrets}
      mono
      options={options?.secrets ?? []}
      onChange={(sshKeySecrets) => change({ sshKeySecrets })}
    />
  );
}

function StartTexts(): ReactElement {
  const { form, change, errorOf } = useForm();
  return (
    <div className="form-grid">
      <div className="form-whole">
        <TextField
          label={strings.userData}
          hint={strings.userDataHint}
          error={errorOf('cloudInit.userData')}
          value={form.userData}
          mono
          rows={10}
          onChange={(userData) => change({ userData })}
        />
      </div>
      <div className="form-whole">
        <TextField
          label={strings.networkData}
          hint={strings.networkDataHint}
          error={errorOf('cloudInit.networkData')}
          value={form.networkData}
          mono
          rows={4}
          onChange={(networkData) => change({ networkData })}
        />
      </div>
      <KeySecrets />
    </div>
  );
}

function StartSecret(): ReactElement {
  const { form, options, change, errorOf } = useForm();
  return (
    <div className="form-grid">
      <TextField
        label={strings.userDataSecret}
        hint={strings.userDataSecretHint}
        error={errorOf('cloudInit.userDataSecret')}
        value={form.userDataSecret}
        mono
        options={options?.secrets ?? []}
        onChange={(userDataSecret) => change({ userDataSecret })}
      />
      <KeySecrets />
    </div>
  );
}
