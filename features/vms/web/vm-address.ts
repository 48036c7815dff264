/** Where the room's pages begin. */
export const VMS_ROOT = '/vms';

/** The page of one machine. */
export const vmHref = (namespace: string, name: string): string =>
  `${VMS_ROOT}/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
