import { useCallback, useEffect, useState } from 'react';
import { requestJson, statusOf } from '@krateyard/ui/live/api-client';
import { toast } from '@krateyard/ui/parts/toasts';
import { emptyForm, type CreateForm } from './create-form.ts';
import { createStrings as strings } from './create-strings.ts';
import { forgetDraft, keepDraft, readDraft } from './form-draft.ts';
import { formOfMachine, type MachineObject } from './form-of-machine.ts';

const FALLBACK_NAMESPACE = 'default';

export interface FormState {
  readonly form: CreateForm;
  /** Names of what the person has changed. */
  readonly touched: ReadonlySet<string>;
  /** Another number: the form was put in as a whole, and fields begin anew. */
  readonly epoch: number;
  readonly change: (part: Partial<CreateForm>) => void;
  readonly startOver: () => void;
}

/** The form, begun from the draft, from a machine (`from`), or empty; kept as a draft with each change. */
export function useCreateForm(namespace: string | undefined, from: string | undefined): FormState {
  const [form, setForm] = useState<CreateForm>(() => {
    const draft = from === undefined ? readDraft() : undefined;
    const where = namespace ?? draft?.namespace ?? FALLBACK_NAMESPACE;
    return draft ? { ...draft, namespace: where } : emptyForm(where);
  });
  const [epoch, setEpoch] = useState(0);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const change = useCallback((part: Partial<CreateForm>): void => {
    setForm((before) => {
      const next = { ...before, ...part };
      keepDraft(next);
      return next;
    });
    setTouched((before) => new Set([...before, ...Object.keys(part)]));
  }, []);
  useEffect(() => {
    if (from === undefined || namespace === undefined) return undefined;
    const stop = new AbortController();
    readMachine(namespace, from, stop.signal)
      .then((machine) => {
        setForm(formOfMachine(machine));
        setEpoch((before) => before + 1);
      })
      .catch((error: unknown) => {
        if (!stop.signal.aborted) toast('bad', `${strings.cloneFailed}: ${statusOf(error).message}`);
      });
    return () => stop.abort();
  }, [namespace, from]);
  const startOver = (): void => {
    forgetDraft();
    setForm(emptyForm(form.namespace));
    setTouched(new Set());
    setEpoch(epoch + 1);
  };
  return { form, touched, epoch, change, startOver };
}

function readMachine(namespace: string, name: string, signal: AbortSignal): Promise<MachineObject> {
  const path = `/api/resource/kubevirt.io/v1/virtualmachines/${encodeURIComponent(name)}`;
  return requestJson(`${path}?${new URLSearchParams({ ns: namespace }).toString()}`, { signal });
}
