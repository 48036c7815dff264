const FIELDS: readonly (readonly [RegExp, string])[] = [
  [/^spec\.cpu/, 'cpu'],
  [/^spec\.memory/, 'memory'],
  [/^spec\.osImage/, 'osImage'],
  [/^spec\.(sshKeySecret|cloudInitUser)/, 'cloudInit'],
  [/^spec\.highAvailability/, 'placement'],
  [/^spec\.startStrategy/, 'runStrategy'],
  [/^spec\.gpus/, 'gpus'],
  [/^metadata\.name$/, 'name'],
  [/^metadata\.labels/, 'labels'],
  [/^metadata\.annotations/, 'annotations'],
];
const LISTED = /^spec\.(disks|networks)\[(\d+)\](?:\.(name|size|storageClassName|image|nadName|vlanId))?/;

/** The field of the request for a path in a Wukong. `disks`, `networks`: of each that the Wukong has, which of the request it is. */
export function wukongFieldMap(
  disks: readonly number[],
  networks: readonly number[],
): (path: string) => string | undefined {
  return (path) => {
    const [, list, at, part] = LISTED.exec(path) ?? [];
    if (list === undefined) return FIELDS.find(([pattern]) => pattern.test(path))?.[1];
    const index = (list === 'disks' ? disks : networks)[Number(at)] ?? Number(at);
    return `${list}.${index}${part === undefined ? '' : `.${part}`}`;
  };
}
