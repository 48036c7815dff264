import { dump, load } from 'js-yaml';
import type { KubeObject } from '@krateyard/kube/meta/object';
import {
  MAX_CLOUD_INIT_BYTES,
  MAX_INLINE_BYTES,
  type CloudInit,
  type CloudUser,
} from '../../contract/vm-create.ts';
import { isDnsLabel } from '../../contract/dns-name.ts';
import { checkName } from './field-rules.ts';
import type { PlannedPart, Premise, Surroundings } from './machine-maker.ts';
import { CLOUD_INIT_DISK, SECRETS } from './plan-disks.ts';
import type { Problems } from './problems.ts';

/** What a user name may be on the systems that cloud-init knows. */
const USER = /^[a-z_][a-z0-9_-]{0,31}$/;
const PUBLIC_KEY =
  /^(ssh-(rsa|dss|ed25519)|ecdsa-sha2-nistp(256|384|521)|sk-[a-z0-9-]+@openssh\.com) [A-Za-z0-9+/=]+( [^\r\n]*)?$/;
/** What shows that a text of the caller's own holds a password: then it goes into a Secret, however short it is. */
const SECRET_WORDS = /passw|private.?key|token/i;
const MADE = ['hostname', 'users', 'packages', 'commands'] as const;

export interface PlannedCloudInit {
  readonly disk: object | undefined;
  readonly volume: object | undefined;
  readonly accessCredentials: readonly object[];
  readonly secret: PlannedPart | undefined;
  readonly premises: readonly Premise[];
}

interface Texts {
  readonly userData: string | undefined;
  readonly networkData: string | undefined;
  readonly confidential: boolean;
}

/**
 * The volume that carries cloud-init, made as data. Short texts without secrets stand in the machine, others in a Secret that it
 * owns.
 */
export function planCloudInit(
  wish: CloudInit | undefined,
  networks: object | undefined,
  name: string,
  around: Surroundings,
  problems: Problems,
): PlannedCloudInit {
  const nothing = {
    disk: undefined,
    volume: undefined,
    accessCredentials: [],
    secret: undefined,
    premises: [],
  };
  if (!wish && !networks) return nothing;
  const asked = wish ?? {};
  check(asked, networks, problems);
  const texts = textsOf(asked, networks);
  checkSizes(texts, problems);
  const kind = asked.type === 'configDrive' ? 'cloudInitConfigDrive' : 'cloudInitNoCloud';
  const apart = apartOf(texts);
  const secretName = `${name}-cloud-init-${around.randomHex(5)}`;
  const source = sourceOf(asked, texts, apart, secretName);
  if (Object.keys(source).length === 0) return nothing;
  return {
    disk: { name: CLOUD_INIT_DISK, disk: { bus: 'virtio' } },
    volume: { name: CLOUD_INIT_DISK, [kind]: source },
    accessCredentials: credentialsOf(asked),
    secret: Object.keys(apart).length === 0 ? undefined : secretOf(secretName, around.namespace, apart),
    premises: premisesOf(asked, around.namespace),
  };
}

function check(wish: CloudInit, networks: object | undefined, problems: Problems): void {
  const parts = MADE.filter((key) => wish[key] !== undefined && wish[key].length > 0);
  const given = [
    wish.userData !== undefined && 'userData',
    wish.userDataSecret !== undefined && 'userDataSecret',
  ].filter((key) => key !== false);
  for (const key of given)
    if (parts.length > 0 || given.length > 1)
      problems.add(
        `cloudInit.${key}`,
        `not together with ${[...parts, ...given.filter((one) => one !== key)].join(', ')}`,
      );
  if (wish.networkData !== undefined && wish.networkDataSecret !== undefined)
    problems.add('cloudInit.networkData', 'not together with networkDataSecret');
  for (const key of ['networkData', 'networkDataSecret'] as const)
    if (wish[key] !== undefined && networks)
      problems.add(`cloudInit.${key}`, 'not together with ipConfig of a network, which makes it');
  if (wish.hostname !== undefined && !isDnsLabel(wish.hostname))
    problems.add('cloudInit.hostname', 'is no host name: lower case letters, digits and -');
  checkUsers(wish.users ?? [], problems);
  checkTexts(wish, problems);
  for (const key of ['userDataSecret', 'networkDataSecret', 'passwordSecret'] as const)
    if (wish[key] !== undefined) checkName(problems, `cloudInit.${key}`, wish[key]);
  for (const [index, name] of (wish.sshKeySecrets ?? []).entries())
    checkName(problems, `cloudInit.sshKeySecrets.${index}`, name);
}

export function checkUsers(users: readonly CloudUser[], problems: Problems): void {
  const seen = new Set<string>();
  for (const [index, user] of users.entries()) {
    const field = `cloudInit.users.${index}`;
    if (!USER.test(user.name))
      problems.add(
        `${field}.name`,
        'is no user name: lower case letters, digits, _ and -, not a digit first',
      );
    if (seen.has(user.name)) problems.add(`${field}.name`, 'two users have this name', 'FieldValueDuplicate');
    seen.add(user.name);
    if (user.password !== undefined && user.passwordHash !== undefined)
      problems.add(`${field}.passwordHash`, 'not together with password');
    if (user.passwordHash !== undefined && !/^\$[0-9a-z]+\$[./A-Za-z0-9$=,-]+$/.test(user.passwordHash))
      problems.add(`${field}.passwordHash`, 'is not as crypt(3) writes it: $6$salt$hash');
    if (user.shell !== undefined && !user.shell.startsWith('/')) problems.add(`${field}.shell`, 'is no path');
    for (const [at, key] of (user.sshKeys ?? []).entries()) checkKey(`${field}.sshKeys.${at}`, key, problems);
    for (const [at, group] of (user.groups ?? []).entries())
      if (!USER.test(group)) problems.add(`${field}.groups.${at}`, 'is no name of a group');
  }
}

function checkKey(field: string, key: string, problems: Problems): void {
  if (/PRIVATE KEY/.test(key))
    problems.add(
      field,
      'is a private key: it must stay where it is; give the public one',
      'FieldValueForbidden',
    );
  else if (!PUBLIC_KEY.test(key.trim()))
    problems.add(field, 'is no public key: ssh-ed25519 AAAA… in one line');
}

/** A text of the caller's own must be something that cloud-init reads. */
function checkTexts({ userData, networkData }: CloudInit, problems: Problems): void {
  if (userData !== undefined && !/^(#|Content-Type:|MIME-Version:)/i.test(userData))
    problems.add('cloudInit.userData', 'must begin with what it is: #cloud-config, #!/bin/sh, …');
  if (userData?.startsWith('#cloud-config')) checkYaml('cloudInit.userData', userData, problems);
  if (networkData !== undefined) checkYaml('cloudInit.networkData', networkData, problems);
}

function checkYaml(field: string, text: string, problems: Problems): void {
  if (Buffer.byteLength(text) > MAX_CLOUD_INIT_BYTES) return;
  try {
    const read = load(text);
    if (read !== null && read !== undefined && (typeof read !== 'object' || Array.isArray(read)))
      problems.add(field, 'is YAML, but not of names and values');
  } catch (error) {
    // Its first line only: what follows quotes the text, which may hold a password.
    const { reason, mark } = error as { reason?: string; mark?: { line?: number } };
    problems.add(
      field,
      `is no YAML: ${reason ?? 'cannot be read'}${mark?.line === undefined ? '' : ` (line ${mark.line + 1})`}`,
    );
  }
}

function textsOf(wish: CloudInit, networks: object | undefined): Texts {
  const made = cloudConfig(wish);
  const userData = wish.userData ?? made ?? (needsText(wish, networks) ? '#cloud-config\n{}\n' : undefined);
  const networkData = wish.networkData ?? (networks && yaml(networks));
  const hidden = (wish.users ?? []).some(
    ({ password, passwordHash }) => password !== undefined || passwordHash !== undefined,
  );
  return { userData, networkData, confidential: hidden || SECRET_WORDS.test(wish.userData ?? '') };
}

/** Keys from Secrets and fixed addresses travel with user data, if only an empty one. */
function needsText(wish: CloudInit, networks: object | undefined): boolean {
  if (wish.userDataSecret !== undefined) return false;
  return (
    networks !== undefined ||
    wish.networkData !== undefined ||
    wish.networkDataSecret !== undefined ||
    (wish.sshKeySecrets ?? []).length > 0 ||
    wish.passwordSecret !== undefined
  );
}

function cloudConfig({ hostname, users = [], packages = [], commands = [] }: CloudInit): string | undefined {
  const config = {
    ...(hostname !== undefined && { hostname }),
    ...(users.length > 0 && { users: users.map(userEntry) }),
    ...(packages.length > 0 && { packages }),
    ...(commands.length > 0 && { runcmd: commands }),
  };
  return Object.keys(config).length === 0 ? undefined : `#cloud-config\n${yaml(config)}`;
}

function userEntry({
  name,
  sshKeys = [],
  password,
  passwordHash,
  sudo = '',
  shell,
  groups = [],
}: CloudUser): object {
  const known = password !== undefined || passwordHash !== undefined;
  return {
    name,
    ...(groups.length > 0 && { groups }),
    ...(shell !== undefined && { shell }),
    ...(sudo !== '' && { sudo }),
    lock_passwd: !known,
    ...(password !== undefined && { plain_text_passwd: password }),
    ...(passwordHash !== undefined && { passwd: passwordHash }),
    ...(sshKeys.length > 0 && { ssh_authorized_keys: sshKeys.map((key) => key.trim()) }),
  };
}

const yaml = (value: object): string => dump(value, { lineWidth: -1, noRefs: true });

function checkSizes(texts: Texts, problems: Problems): void {
  for (const key of ['userData', 'networkData'] as const) {
    const bytes = Buffer.byteLength(texts[key] ?? '');
    if (bytes > MAX_CLOUD_INIT_BYTES)
      problems.add(
        `cloudInit.${key}`,
        `is ${bytes} bytes; at most ${MAX_CLOUD_INIT_BYTES} fit into a Secret`,
      );
  }
}

/** The texts that do not stand in the machine, by their key in the Secret. */
function apartOf({ userData = '', networkData = '', confidential }: Texts): Readonly<Record<string, string>> {
  return {
    ...(userData !== '' &&
      (confidential || Buffer.byteLength(userData) > MAX_INLINE_BYTES) && { userdata: userData }),
    ...(Buffer.byteLength(networkData) > MAX_INLINE_BYTES && { networkdata: networkData }),
  };
}

function sourceOf(
  wish: CloudInit,
  { userData, networkData }: Texts,
  apart: Readonly<Record<string, string>>,
  secret: string,
): Readonly<Record<string, unknown>> {
  const userSecret = wish.userDataSecret ?? (apart['userdata'] === undefined ? undefined : secret);
  const networkSecret = wish.networkDataSecret ?? (apart['networkdata'] === undefined ? undefined : secret);
  return {
    ...(userSecret === undefined
      ? userData !== undefined && { userData }
      : { secretRef: { name: userSecret } }),
    ...(networkSecret === undefined
      ? networkData !== undefined && { networkData }
      : { networkDataSecretRef: { name: networkSecret } }),
  };
}

export function secretOf(
  name: string,
  namespace: string,
  data: Readonly<Record<string, string>>,
): PlannedPart {
  const object: KubeObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    type: 'Opaque',
    data: Object.fromEntries(
      Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
    ),
  };
  return { gvr: SECRETS, object };
}

function credentialsOf({ type = 'noCloud', sshKeySecrets = [], passwordSecret }: CloudInit): object[] {
  const secret = (secretName: string): object => ({ secret: { secretName } });
  return [
    ...sshKeySecrets.map((name) => ({
      sshPublicKey: { source: secret(name), propagationMethod: { [type]: {} } },
    })),
    ...(passwordSecret === undefined
      ? []
      : [{ userPassword: { source: secret(passwordSecret), propagationMethod: { qemuGuestAgent: {} } } }]),
  ];
}

function premisesOf(wish: CloudInit, namespace: string): Premise[] {
  const named = [
    ...(['userDataSecret', 'networkDataSecret', 'passwordSecret'] as const).map(
      (key) => [`cloudInit.${key}`, wish[key]] as const,
    ),
    ...(wish.sshKeySecrets ?? []).map((name, index) => [`cloudInit.sshKeySecrets.${index}`, name] as const),
  ];
  return named.flatMap(([field, name]) =>
    name === undefined ? [] : [{ field, gvr: SECRETS, name, namespace, must: 'exist' as const }],
  );
}
