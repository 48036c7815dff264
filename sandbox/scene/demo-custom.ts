import type { KubeObject } from '@krateyard/kube/meta/object';
import { named } from './manifests.ts';

const TEXT = { type: 'string' };
const WHOLE = { type: 'integer', minimum: 0 };

/** Custom kinds of the company, with columns, status, defaults and one that scales. */
export function demoDefinitions(): KubeObject[] {
  return [
    definition('pki.yard.example', 'Certificate', ['cert', 'certs'], {
      spec: {
        type: 'object',
        required: ['dnsNames', 'secretName'],
        properties: {
          dnsNames: { type: 'array', items: TEXT, minItems: 1 },
          secretName: TEXT,
          issuer: { ...TEXT, default: 'yard-ca' },
          renewBeforeDays: { ...WHOLE, default: 30 },
        },
      },
      status: {
        type: 'object',
        properties: {
          ready: { type: 'boolean' },
          notAfter: { type: 'string', format: 'date-time' },
          conditions: conditionsSchema(),
        },
      },
      columns: [
        ['Ready', 'boolean', '.status.ready'],
        ['Secret', 'string', '.spec.secretName'],
        ['Issuer', 'string', '.spec.issuer', 1],
        ['Expires', 'string', '.status.notAfter'],
        ['Age', 'date', '.metadata.creationTimestamp'],
      ],
    }),
    definition('storage.yard.example', 'Backup', ['bkp'], {
      spec: {
        type: 'object',
        required: ['target'],
        properties: {
          target: TEXT,
          schedule: { ...TEXT, default: '0 2 * * *' },
          keep: { ...WHOLE, default: 7, maximum: 365 },
          encryption: { ...TEXT, enum: ['none', 'aes256'], default: 'aes256' },
        },
      },
      status: {
        type: 'object',
        properties: {
          phase: TEXT,
          lastRun: { type: 'string', format: 'date-time' },
          bytes: { type: 'integer', format: 'int64' },
        },
      },
      columns: [
        ['Target', 'string', '.spec.target'],
        ['Phase', 'string', '.status.phase'],
        ['Last run', 'date', '.status.lastRun'],
        ['Bytes', 'integer', '.status.bytes', 1],
        ['Age', 'date', '.metadata.creationTimestamp'],
      ],
    }),
    definition('crawl.yard.example', 'CrawlerFleet', ['fleet'], {
      spec: {
        type: 'object',
        required: ['replicas'],
        properties: { replicas: { ...WHOLE, maximum: 50 }, seeds: { type: 'array', items: TEXT } },
      },
      status: { type: 'object', properties: { replicas: WHOLE, selector: TEXT } },
      columns: [
        ['Desired', 'integer', '.spec.replicas'],
        ['Current', 'integer', '.status.replicas'],
        ['Age', 'date', '.metadata.creationTimestamp'],
      ],
      scale: true,
    }),
  ];
}

export function demoCustomObjects(now: number): KubeObject[] {
  const day = 86_400_000;
  const at = (ms: number): string => `${new Date(now + ms).toISOString().slice(0, 19)}Z`;
  const certificate = (namespace: string, name: string, host: string, days: number): KubeObject => ({
    ...named('pki.yard.example/v1', 'Certificate', namespace, name, {
      spec: { dnsNames: [host], secretName: `${name}-tls` },
    }),
    status: {
      ready: days > 0,
      notAfter: at(days * day),
      conditions: [
        {
          type: 'Ready',
          status: days > 0 ? 'True' : 'False',
          reason: days > 0 ? 'Issued' : 'Expired',
          message: days > 0 ? 'Certificate is up to date' : 'Certificate has expired',
        },
      ],
    },
  });
  const backup = (name: string, target: string, phase: string, bytes: number): KubeObject => ({
    ...named('storage.yard.example/v1', 'Backup', 'data', name, { spec: { target } }),
    status: { phase, bytes, lastRun: at(-day / 3) },
  });
  return [
    certificate('shop', 'shop', 'shop.yard.example', 61),
    certificate('payments', 'payments', 'pay.yard.example', 12),
    certificate('team-a', 'web', 'a.yard.example', -2),
    backup('postgres-nightly', 'statefulset/postgres', 'Completed', 48_318_382_080),
    backup('clickhouse-weekly', 'statefulset/clickhouse', 'Failed', 0),
    {
      ...named('crawl.yard.example/v1', 'CrawlerFleet', 'team-b', 'news', {
        spec: { replicas: 2, seeds: ['https://news.example'] },
      }),
      status: { replicas: 2, selector: 'app.kubernetes.io/name=crawler' },
    },
  ];
}

interface Wish {
  readonly spec: object;
  readonly status: object;
  readonly columns: readonly (readonly [name: string, type: string, jsonPath: string, priority?: number])[];
  readonly scale?: boolean;
}

function definition(group: string, kind: string, shortNames: string[], wish: Wish): KubeObject {
  const singular = kind.toLowerCase();
  const plural = `${singular}s`;
  const scale = {
    specReplicasPath: '.spec.replicas',
    statusReplicasPath: '.status.replicas',
    labelSelectorPath: '.status.selector',
  };
  return named('apiextensions.k8s.io/v1', 'CustomResourceDefinition', '', `${plural}.${group}`, {
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural, singular, kind, listKind: `${kind}List`, shortNames, categories: ['yard'] },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: { type: 'object', properties: { spec: wish.spec, status: wish.status } },
          },
          subresources: { status: {}, ...(wish.scale && { scale }) },
          additionalPrinterColumns: wish.columns.map(([name, type, jsonPath, priority]) => ({
            name,
            type,
            jsonPath,
            ...(priority && { priority }),
          })),
        },
      ],
    },
  });
}

function conditionsSchema(): object {
  const properties = {
    type: TEXT,
    status: TEXT,
    reason: TEXT,
    message: TEXT,
    lastTransitionTime: { type: 'string', format: 'date-time' },
  };
  return { type: 'array', items: { type: 'object', required: ['type', 'status'], properties } };
}
