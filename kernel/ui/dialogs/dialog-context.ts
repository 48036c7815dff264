import { createContext } from 'react';

/** What the host tells a dialog's content of the dialog that it stands in. */
export interface DialogFrame {
  /** The id that the heading must have: it names the dialog. */
  readonly titleId: string;
  readonly close: () => void;
}

export const DialogContext = createContext<DialogFrame | undefined>(undefined);
