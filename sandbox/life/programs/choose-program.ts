import type { Container } from '../pod-types.ts';
import { DEMO_PROGRAMS } from './demo-programs.ts';
import type { Program } from './program.ts';
import { shellProgram } from './shell-program.ts';

/** Images whose own command is a shell, which ends at once when it has no input. */
const SHELL_IMAGE = /^(busybox|alpine|debian|ubuntu|bash|toolbox|kubectl|curl)/;

/** The first that matches the image's last part has the say; a demo image says more with its tag (`shop/api:flaky`). */
const BY_NAME: readonly [RegExp, string][] = [
  [/^(nginx|httpd|caddy|apache|traefik|envoy|haproxy|ingress|web|storefront|frontend)/, 'web-server'],
  [/^(postgres|mysql|mariadb|cockroach|etcd|mongo|clickhouse)/, 'database'],
  [/^(redis|valkey|memcached|nats|rabbitmq|kafka)/, 'cache'],
  [/^(pause|coredns|kube-|csi-|cilium|calico|flannel)/, 'silent'],
  [/(exporter|agent|collector|promtail|fluent|prometheus|grafana|loki|alertmanager)/, 'agent'],
  [/(worker|consumer|indexer|queue)/, 'worker'],
  [/(crasher|reconciler)/, 'crasher'],
  [/(migration|migrate).*broken/, 'failing-batch'],
  [/(batch|backup|report|cleanup|migrat|etl|cron|job)/, 'batch'],
];

/** The name without registry, path, tag and digest. */
export function imageName(image: string): { name: string; tag: string } {
  const plain = image.split('@')[0]!;
  const last = plain.slice(plain.lastIndexOf('/') + 1);
  const colon = last.indexOf(':');
  return colon === -1
    ? { name: last, tag: 'latest' }
    : { name: last.slice(0, colon), tag: last.slice(colon + 1) };
}

function isShellImage(image: string): boolean {
  return SHELL_IMAGE.test(imageName(image).name);
}

/** A container without a shell, where exec finds no `sh`. */
export function isShellLess(image: string): boolean {
  return /(distroless|scratch|^pause|\/pause)/.test(image);
}

/** What the container runs by its image alone; undefined where only its command can tell. */
function programOfImage(container: Container): Program | undefined {
  const image = container.image ?? '';
  if (isShellImage(image)) return undefined;
  const { name, tag } = imageName(image);
  const byLength = [...DEMO_PROGRAMS.keys()].toSorted((a, b) => b.length - a.length);
  const tagged = byLength.find((each) => tag === each || tag.endsWith(`-${each}`));
  const found = tagged ?? BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? 'api';
  return DEMO_PROGRAMS.get(found);
}

/** Commands that run in the sandbox's shell, whatever the image is. */
const RUN_FOR_REAL = new Set(
  'sh ash bash sleep echo cat seq yes date true false tail head printf env ls expr test uname hostname whoami id wc grep awk sed tee timeout pwd mkdir touch cp mv rm find sort base64 md5sum sha256sum'.split(
    ' ',
  ),
);

/**
 * What a container does. A command that the sandbox's shell knows runs for real; otherwise the image's name decides. A
 * shell image without a command ends at once with 0, as it does without a terminal.
 */
export function chooseProgram(container: Container): Program {
  const argv = [...(container.command ?? []), ...(container.args ?? [])];
  const byImage = programOfImage(container);
  const first = argv[0] ?? '';
  const base = first.slice(first.lastIndexOf('/') + 1);
  if (byImage && (argv.length === 0 || !RUN_FOR_REAL.has(base))) return byImage;
  if (!byImage && /^(httpd|nginx|pause)$/.test(base))
    return DEMO_PROGRAMS.get(base === 'pause' ? 'silent' : 'web-server')!;
  return shellProgram(argv.length === 0 ? ['sh'] : argv);
}
