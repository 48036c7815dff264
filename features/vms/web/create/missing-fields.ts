import { hasClaim, hasSize, type CreateForm, type DiskForm } from './create-form.ts';
import { createStrings as strings } from './create-strings.ts';

/** A field that must have something in it and has not. */
export interface MissingField {
  /** As in the request: `disks.0.source.image`. */
  readonly field: string;
  /** What a person calls it: `Disk root: Image`. */
  readonly words: string;
}

/** What is required and still empty, in the form's order. While something is, there is nothing to ask the server. */
export function missingFields(form: CreateForm): readonly MissingField[] {
  const found: MissingField[] = [];
  const want = (text: string, field: string, words: string): void => {
    if (text.trim() === '') found.push({ field, words });
  };
  want(form.name, 'name', strings.name);
  want(form.namespace, 'namespace', strings.namespace);
  if (form.sizing === 'own') want(form.memory, 'memory', strings.memory);
  else want(form.instancetype, 'instancetype.name', strings.instancetype);
  for (const [index, disk] of form.disks.entries()) {
    wantDisk(disk, `disks.${index}`, want);
    // A Wukong's claims have no default.
    if (form.owner === 'wukong' && hasClaim(disk.source))
      want(
        disk.storageClassName,
        `disks.${index}.storageClassName`,
        within(strings.disk(disk.name), strings.storageClass),
      );
  }
  for (const [index, { name, nadName, fixed, address }] of form.networks.entries()) {
    const title = strings.network(name);
    want(name, `networks.${index}.name`, within(title, strings.networkName));
    if (nadName !== '' && fixed)
      want(address, `networks.${index}.ipConfig.address`, within(title, strings.address));
  }
  wantStart(form, want);
  for (const list of ['gpus', 'hostDevices'] as const)
    for (const [index, { name, deviceName }] of form[list].entries()) {
      const title = (list === 'gpus' ? strings.gpu : strings.hostDevice)(name);
      want(name, `${list}.${index}.name`, within(title, strings.diskName));
      want(deviceName, `${list}.${index}.deviceName`, within(title, strings.deviceName));
    }
  return found;
}

type Want = (text: string, field: string, words: string) => void;

const within = (title: string, field: string): string => `${title}: ${field}`;

function wantDisk(disk: DiskForm, field: string, want: Want): void {
  const title = strings.disk(disk.name);
  want(disk.name, `${field}.name`, within(title, strings.diskName));
  const from = FROM[disk.source];
  if (from) want(disk.from, `${field}.source.${from.key}`, within(title, from.label));
  // What is copied from a claim or a data source may be as large as that.
  const asks = hasSize(disk.source) && disk.source !== 'dataSource' && disk.source !== 'clone';
  if (asks) want(disk.size, `${field}.size`, within(title, strings.diskSize));
}

const FROM: Readonly<Partial<Record<DiskForm['source'], { readonly key: string; readonly label: string }>>> =
  {
    containerDisk: { key: 'image', label: strings.image },
    registry: { key: 'image', label: strings.image },
    http: { key: 'url', label: strings.url },
    dataSource: { key: 'name', label: strings.dataSource },
    clone: { key: 'claim', label: strings.claim },
    claim: { key: 'claim', label: strings.claim },
  };

function wantStart({ start, users, userData, userDataSecret }: CreateForm, want: Want): void {
  if (start === 'secret') want(userDataSecret, 'cloudInit.userDataSecret', strings.userDataSecret);
  if (start === 'text') want(userData, 'cloudInit.userData', strings.userData);
  if (start === 'parts')
    for (const [index, { name }] of users.entries())
      want(name, `cloudInit.users.${index}.name`, within(strings.user(name), strings.userName));
}
