import { createContext, useContext } from 'react';
import type { VmOptions } from '../../contract/vm-create.ts';
import type { CreateForm } from './create-form.ts';

/** What the sections of the form share. */
export interface FormAccess {
  readonly form: CreateForm;
  readonly options: VmOptions | undefined;
  readonly change: (change: Partial<CreateForm>) => void;
  /** What the server says of a field, once the person has been there or has tried to make the machine. */
  readonly errorOf: (field: string) => string | undefined;
}

export const FormContext = createContext<FormAccess | undefined>(undefined);

export function useForm(): FormAccess {
  const access = useContext(FormContext);
  if (!access) throw new Error('a section stands outside of the form');
  return access;
}
