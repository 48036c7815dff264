import { VMS_ROOT } from '../vm-address.ts';

/** The form of a new machine. */
export const CREATE_PATH = `${VMS_ROOT}/new`;

/** The same for one namespace, beginning, where `after` is given, as a machine of it. */
export const createHref = (namespace: string, after?: string): string =>
  `${CREATE_PATH}?${new URLSearchParams({ ns: namespace, ...(after !== undefined && { from: after }) }).toString()}`;
