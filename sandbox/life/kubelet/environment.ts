import type { KubeObject } from '@krateyard/kube/meta/object';
import type { Container, EnvVar, Pod } from '../pod-types.ts';
import type { ContainerEnvironment } from '../shell/machine.ts';
import { millicores, quantity } from '../quantity.ts';
import { RESOURCES } from '../resources.ts';
import type { World } from '../world.ts';

interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
}

/** Reads what containers are configured from, and says what is missing in the kubelet's words. */
export class Configuration {
  #world: World;

  constructor(world: World) {
    this.#world = world;
    world.mirror(RESOURCES.configMaps);
    world.mirror(RESOURCES.secrets);
    world.mirror(RESOURCES.services);
  }

  /** Why the pod's volumes cannot be mounted: the message of a FailedMount event. */
  missingVolume(pod: Pod): string | undefined {
    for (const volume of pod.spec.volumes ?? []) {
      const { configMap, secret } = volume;
      const lacking =
        configMap && !configMap.optional && !this.#configMap(pod, configMap.name)
          ? `configmap "${configMap.name}" not found`
          : secret && !secret.optional && !this.#secret(pod, secret.secretName)
            ? `secret "${secret.secretName}" not found`
            : undefined;
      if (lacking) return `MountVolume.SetUp failed for volume "${volume.name}" : ${lacking}`;
    }
    return undefined;
  }

  /** Why the container's environment cannot be made: the message of CreateContainerConfigError. */
  missingReference(pod: Pod, container: Container): string | undefined {
    for (const { configMapRef, secretRef } of container.envFrom ?? []) {
      if (configMapRef && !configMapRef.optional && !this.#configMap(pod, configMapRef.name))
        return `configmap "${configMapRef.name}" not found`;
      if (secretRef && !secretRef.optional && !this.#secret(pod, secretRef.name))
        return `secret "${secretRef.name}" not found`;
    }
    for (const { valueFrom } of container.env ?? []) {
      const missing = valueFrom && this.#missingKey(pod, valueFrom);
      if (missing) return missing;
    }
    return undefined;
  }

  of(pod: Pod, container: Container): ContainerEnvironment {
    const hostname =
      pod.spec.hostname ?? (pod.spec.hostNetwork ? pod.spec.nodeName! : pod.metadata.name!).slice(0, 63);
    return {
      env: { ...this.#serviceEnv(pod), ...this.#env(pod, container), HOSTNAME: hostname },
      hostname,
      workingDir: container.workingDir ?? '/',
      files: { ...this.#baseFiles(pod, hostname), ...this.#mounted(pod, container) },
    };
  }

  #env(pod: Pod, container: Container): Record<string, string> {
    const env: Record<string, string> = {};
    for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
      const from = configMapRef
        ? this.#configMap(pod, configMapRef.name)
        : secretRef && this.#secret(pod, secretRef.name);
      for (const [key, value] of Object.entries(from ?? {})) env[`${prefix}${key}`] = value;
    }
    for (const each of container.env ?? []) {
      const value = this.#value(pod, container, each);
      if (value !== undefined)
        env[each.name] = value.replaceAll(
          /\$\(([A-Za-z_][\w.-]*)\)/g,
          (all, name: string) => env[name] ?? all,
        );
    }
    return env;
  }

  #value(pod: Pod, container: Container, { value, valueFrom }: EnvVar): string | undefined {
    if (!valueFrom) return value ?? '';
    const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef } = valueFrom;
    if (configMapKeyRef) return this.#configMap(pod, configMapKeyRef.name)?.[configMapKeyRef.key];
    if (secretKeyRef) return this.#secret(pod, secretKeyRef.name)?.[secretKeyRef.key];
    if (fieldRef) return downwardField(pod, fieldRef.fieldPath);
    return resourceFieldRef ? resourceField(container, resourceFieldRef.resource) : undefined;
  }

  #missingKey(pod: Pod, from: NonNullable<EnvVar['valueFrom']>): string | undefined {
    const { configMapKeyRef: map, secretKeyRef: secret } = from;
    const namespace = pod.metadata.namespace!;
    if (map && !map.optional) {
      const found = this.#configMap(pod, map.name);
      if (!found) return `configmap "${map.name}" not found`;
      if (!(map.key in found)) return `couldn't find key ${map.key} in ConfigMap ${namespace}/${map.name}`;
    }
    if (secret && !secret.optional) {
      const found = this.#secret(pod, secret.name);
      if (!found) return `secret "${secret.name}" not found`;
      if (!(secret.key in found))
        return `couldn't find key ${secret.key} in Secret ${namespace}/${secret.name}`;
    }
    return undefined;
  }

  #serviceEnv(pod: Pod): Record<string, string> {
    const env: Record<string, string> = {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: '/root',
      KUBERNETES_SERVICE_HOST: '10.96.0.1',
      KUBERNETES_SERVICE_PORT: '443',
      KUBERNETES_PORT: 'tcp://10.96.0.1:443',
    };
    if (pod.spec['enableServiceLinks'] === false) return env;
    for (const service of this.#world
      .mirror<KubeObject>(RESOURCES.services)
      .inNamespace(pod.metadata.namespace!)) {
      const spec = service['spec'] as { clusterIP?: string; ports?: { port: number }[] } | undefined;
      if (!spec?.clusterIP || spec.clusterIP === 'None') continue;
      const name = service.metadata.name!.toUpperCase().replaceAll('-', '_');
      env[`${name}_SERVICE_HOST`] = spec.clusterIP;
      if (spec.ports?.[0]) env[`${name}_SERVICE_PORT`] = String(spec.ports[0].port);
    }
    return env;
  }

  #baseFiles(pod: Pod, hostname: string): Record<string, string> {
    const ip = pod.status?.podIP ?? '127.0.0.1';
    return {
      '/etc/hostname': `${hostname}\n`,
      '/etc/hosts': `# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n${ip}\t${hostname}\n`,
      '/etc/resolv.conf': `search ${pod.metadata.namespace}.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n`,
      '/etc/os-release':
        'NAME="Krateyard sandbox"\nID=krateyard-sandbox\nPRETTY_NAME="Krateyard sandbox (simulated)"\n',
      '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
      '/proc/1/comm': 'sh\n',
    };
  }

  #mounted(pod: Pod, container: Container): Record<string, string> {
    const files: Record<string, string> = {};
    for (const mount of container.volumeMounts ?? []) {
      const volume = pod.spec.volumes?.find((each) => each.name === mount.name);
      const source = volume?.configMap
        ? { keys: this.#configMap(pod, volume.configMap.name), items: volume.configMap.items }
        : volume?.secret && { keys: this.#secret(pod, volume.secret.secretName), items: volume.secret.items };
      const paths: [string, string][] = !source?.keys
        ? [['.keep', '']]
        : (source.items ?? Object.keys(source.keys).map((key) => ({ key, path: key }))).map(
            ({ key, path }) => [path, source.keys![key] ?? ''],
          );
      for (const [path, content] of paths) {
        if (mount.subPath === undefined) files[`${mount.mountPath.replace(/\/$/, '')}/${path}`] = content;
        else if (mount.subPath === path) files[mount.mountPath] = content;
      }
      if (mount.mountPath === '/var/run/secrets/kubernetes.io/serviceaccount') {
        delete files[`${mount.mountPath}/.keep`];
        files[`${mount.mountPath}/namespace`] = pod.metadata.namespace!;
        files[`${mount.mountPath}/ca.crt`] = this.#configMap(pod, 'kube-root-ca.crt')?.['ca.crt'] ?? '';
      }
    }
    return files;
  }

  #configMap(pod: Pod, name: string): Record<string, string> | undefined {
    const found = this.#world
      .mirror<ConfigMap>(RESOURCES.configMaps)
      .get(`${pod.metadata.namespace}/${name}`);
    return found && (found.data ?? {});
  }

  #secret(pod: Pod, name: string): Record<string, string> | undefined {
    const found = this.#world.mirror<ConfigMap>(RESOURCES.secrets).get(`${pod.metadata.namespace}/${name}`);
    if (!found) return undefined;
    const entries = Object.entries(found.data ?? {});
    return Object.fromEntries(
      entries.map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
    );
  }
}

function downwardField(pod: Pod, path: string): string {
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (keyed) return pod.metadata[keyed[1] as 'labels' | 'annotations']?.[keyed[2]!] ?? '';
  switch (path) {
    case 'metadata.name':
      return pod.metadata.name!;
    case 'metadata.namespace':
      return pod.metadata.namespace!;
    case 'metadata.uid':
      return pod.metadata.uid!;
    case 'spec.nodeName':
      return pod.spec.nodeName ?? '';
    case 'spec.serviceAccountName':
      return pod.spec.serviceAccountName ?? 'default';
    case 'status.hostIP':
      return pod.status?.hostIP ?? '';
    case 'status.podIP':
    case 'status.podIPs':
      return pod.status?.podIP ?? '';
    default:
      return '';
  }
}

function resourceField(container: Container, resource: string): string {
  const [kind, name] = resource.split('.') as ['limits' | 'requests', string];
  const value = container.resources?.[kind]?.[name];
  return String(name === 'cpu' ? Math.ceil(millicores(value) / 1000) : quantity(value));
}
