import { useEffect, useRef, useState, type FormEvent, type ReactElement } from 'react';
import { useLocation, useSearch } from 'wouter';
import { statusOf } from '@krateyard/ui/live/api-client';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import { StatusWords } from '@krateyard/ui/parts/notice.tsx';
import { toast } from '@krateyard/ui/parts/toasts';
import { noteTask } from '@krateyard/ui/tasks/task-store';
import type { VmOptions } from '../../contract/vm-create.ts';
import { vmHref } from '../vm-address.ts';
import { createMachine, readOptions } from './create-api.ts';
import { FormContext, useForm } from './create-context.ts';
import { bodyOf, type CreateForm } from './create-form.ts';
import { createStrings as strings } from './create-strings.ts';
import { errorAt, errorsOf, type FieldErrors } from './field-errors.ts';
import { forgetDraft } from './form-draft.ts';
import type { MissingField } from './missing-fields.ts';
import { PreviewPane } from './preview-pane.tsx';
import { SectionDisks } from './section-disks.tsx';
import { SectionBasics, SectionSize } from './section-machine.tsx';
import { SectionNetworks } from './section-networks.tsx';
import { SectionDevices, SectionPlacement } from './section-placement.tsx';
import { SectionStart } from './section-start.tsx';
import { useCreateForm } from './use-create-form.ts';
import { usePreview, type Preview } from './use-preview.ts';
import './create.css';

/** The form of a new machine, with what would come of it beside it. `?ns=`: where to; `?from=`: a machine there that it begins as. */
export function CreatePage(): ReactElement {
  const params = new URLSearchParams(useSearch());
  const asked = params.get('ns')?.split(',')[0] || undefined;
  const { form, touched, epoch, change, startOver } = useCreateForm(asked, params.get('from') ?? undefined);
  const preview = usePreview(form);
  const submit = useSubmit(form, preview.missing.length === 0);
  const options = useOptions(form.namespace);
  useEffect(() => {
    document.title = strings.pageTitle;
  }, []);
  const errorOf = errorTeller(preview, submit.errors, submit.tried ? undefined : touched);
  return (
    <FormContext value={{ form, options, change, errorOf }}>
      <form
        className="vm-create"
        aria-label={strings.title}
        noValidate
        onSubmit={(event: FormEvent<HTMLFormElement>) => {
          event.preventDefault();
          submit.run();
          showFirstEmpty(event.currentTarget, preview.missing);
        }}
      >
        <header className="create-head">
          <h1>{strings.title}</h1>
          <p className="absent">{strings.lead}</p>
          <button
            type="button"
            className="plain"
            onClick={() => {
              startOver();
              submit.forget();
            }}
          >
            {strings.startOver}
          </button>
        </header>
        <div className="create-columns">
          <FormSections key={epoch} />
          <PreviewPane preview={preview} />
        </div>
        <Foot submit={submit} />
      </form>
    </FormContext>
  );
}

/** Goes to what is still empty, once it says so. */
function showFirstEmpty(form: HTMLFormElement, missing: readonly MissingField[]): void {
  if (missing.length === 0) return;
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}

function FormSections(): ReactElement {
  const { options } = useForm();
  return (
    <div className="create-form">
      <Missing options={options} />
      <SectionBasics />
      <SectionSize />
      <SectionDisks />
      <SectionNetworks />
      <SectionStart />
      <SectionDevices />
      <SectionPlacement />
    </div>
  );
}

function Foot({ submit }: { readonly submit: Submit }): ReactElement {
  return (
    <footer className="create-foot">
      {submit.refused && (
        <div className="create-refused" role="alert">
          <b>{strings.failed}</b>
          <StatusWords status={submit.refused} />
        </div>
      )}
      <button type="submit" className="primary" disabled={submit.busy}>
        {submit.busy ? strings.creating : strings.create}
      </button>
    </footer>
  );
}

/** Where a request's field is typed, where its name is another than the form's. */
const TYPED_IN: Readonly<Record<string, readonly string[]>> = {
  cloudInit: [
    'start',
    'users',
    'hostname',
    'packages',
    'commands',
    'userData',
    'networkData',
    'userDataSecret',
    'sshKeySecrets',
  ],
  placement: ['nodeSelector', 'nodes', 'tolerations', 'apartFrom', 'apartRequired'],
  cpu: ['cpu', 'sizing'],
  memory: ['memory', 'sizing'],
};

/** What is not begun yet is not called wrong: errors show where the person has been, all of them (undefined) after a try. */
function errorTeller(
  { errors }: Preview,
  refused: FieldErrors,
  touched: ReadonlySet<string> | undefined,
): (field: string) => string | undefined {
  return (field) => {
    const [root = ''] = field.split(/[.=]/);
    const parts = TYPED_IN[root] ?? [root];
    if (touched && !parts.some((part) => touched.has(part))) return undefined;
    return errorAt(errors, field) ?? errorAt(refused, field);
  };
}

function useOptions(namespace: string): VmOptions | undefined {
  const [options, setOptions] = useState<VmOptions>();
  const first = useRef(true);
  useEffect(() => {
    if (!NAMESPACE.test(namespace)) return undefined;
    const stop = new AbortController();
    // Its name may be being typed.
    const timer = setTimeout(
      () => {
        first.current = false;
        readOptions(namespace, stop.signal)
          .then(setOptions)
          .catch(() => {
            // Everything can be typed; that the namespace is wrong the preview says.
            if (!stop.signal.aborted) setOptions(undefined);
          });
      },
      first.current ? 0 : TYPING_MS,
    );
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [namespace]);
  return options;
}

/** Others the gateway would refuse. */
const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const TYPING_MS = 500;

function Missing({ options }: { readonly options: VmOptions | undefined }): ReactElement | null {
  if (!options || options.missing.length === 0) return null;
  return (
    <details className="create-missing">
      <summary>{strings.missing}</summary>
      <ul>
        {options.missing.map(({ part, reason }) => (
          <li key={`${part} ${reason}`}>{strings.partMissing(part, reason)}</li>
        ))}
      </ul>
    </details>
  );
}

interface Submit {
  readonly busy: boolean;
  readonly tried: boolean;
  readonly refused: LiveStatus | undefined;
  readonly errors: FieldErrors;
  readonly run: () => void;
  readonly forget: () => void;
}

/** `whole`: nothing that is required is empty; else what is missing is shown, and nobody asked. */
function useSubmit(form: CreateForm, whole: boolean): Submit {
  const [, navigate] = useLocation();
  const [state, setState] = useState<{
    busy: boolean;
    tried: boolean;
    refused?: LiveStatus;
    of?: CreateForm;
  }>({
    busy: false,
    tried: false,
  });
  const busy = useRef(false);
  const run = async (): Promise<void> => {
    if (busy.current) return;
    if (!whole) return setState({ busy: false, tried: true });
    busy.current = true;
    setState({ busy: true, tried: true });
    try {
      const made = await createMachine(form.namespace, bodyOf(form));
      forgetDraft();
      noteTask(made.task);
      toast('ok', strings.made(made.name));
      for (const warning of made.warnings) toast('warn', warning);
      navigate(vmHref(made.namespace, made.name));
    } catch (error) {
      setState({ busy: false, tried: true, refused: statusOf(error), of: form });
    } finally {
      busy.current = false;
    }
  };
  // A refusal is of the form that was sent: once that is another, it says nothing any more.
  const refused = state.of === form ? state.refused : undefined;
  return {
    busy: state.busy,
    tried: state.tried,
    refused,
    errors: errorsOf(refused),
    run: () => void run(),
    forget: () => setState({ busy: false, tried: false }),
  };
}
