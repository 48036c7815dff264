import {
  isAmount,
  isCount,
  isGiven,
  isLabelName,
  isName,
  isPairs,
  isPort,
  isSize,
  pairsOf,
} from './form-checks.ts';
import type { CreateForm, FormField } from './form-spec.ts';
import { formStrings as strings } from './form-strings.ts';
import { numberOf } from './workload-forms.ts';

const text = (
  name: string,
  label: string,
  first: string,
  check?: FormField['check'],
  hint?: string,
): FormField => ({
  name,
  label,
  type: 'text',
  first,
  ...(check && { check }),
  ...(hint !== undefined && { hint }),
});

export const serviceForm: CreateForm = {
  id: 'service',
  title: 'Service',
  kind: '/services',
  fields: [
    text('name', strings.name, 'web', isLabelName),
    text('selects', strings.selects, 'app.kubernetes.io/name=web', isPairsOfLabels),
    text('port', strings.servicePort, '80', isPort),
    text('targetPort', strings.targetPort, '80', isGiven),
    {
      name: 'type',
      label: strings.serviceType,
      type: 'choice',
      first: 'ClusterIP',
      options: ['ClusterIP', 'NodePort', 'LoadBalancer'],
    },
  ],
  objects: (values) => [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: values['name'] },
      spec: {
        type: values['type'],
        selector: pairsOf((values['selects'] ?? '').replaceAll(',', '\n')),
        ports: [{ name: 'http', port: numberOf(values['port']), targetPort: numberOf(values['targetPort']) }],
      },
    },
  ],
};

function isPairsOfLabels(value: string): string | undefined {
  const pairs = value.split(',').filter((pair) => pair.trim() !== '');
  const well =
    pairs.length > 0 && pairs.every((pair) => /^\s*[-._/a-zA-Z0-9]+=[-._a-zA-Z0-9]*\s*$/.test(pair));
  return well ? undefined : strings.badPairs;
}

export const ingressForm: CreateForm = {
  id: 'ingress',
  title: 'Ingress',
  kind: 'networking.k8s.io/ingresses',
  fields: [
    text('name', strings.name, 'web', isName),
    text('host', strings.host, 'web.example.com', isName),
    text('path', strings.path, '/', isGiven),
    text('backend', strings.backend, 'web', isLabelName),
    text('port', strings.backendPort, '80', isGiven),
  ],
  objects: (values) => {
    const port = numberOf(values['port']);
    const named = typeof port === 'number' ? { number: port } : { name: port };
    const backend = { service: { name: values['backend'], port: named } };
    return [
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: values['name'] },
        spec: {
          rules: [
            {
              host: values['host'],
              http: { paths: [{ path: values['path'], pathType: 'Prefix', backend }] },
            },
          ],
        },
      },
    ];
  },
};

const pairs = (first: string, hint: string): FormField => ({
  name: 'data',
  label: strings.data,
  hint,
  type: 'lines',
  first,
  check: isPairs,
});

export const configMapForm: CreateForm = {
  id: 'configmap',
  title: 'ConfigMap',
  kind: '/configmaps',
  fields: [text('name', strings.name, 'settings', isName), pairs('LOG_LEVEL=info', strings.pairsHint)],
  objects: (values) => [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: values['name'] },
      data: pairsOf(values['data'] ?? ''),
    },
  ],
};

export const secretForm: CreateForm = {
  id: 'secret',
  title: 'Secret',
  kind: '/secrets',
  fields: [
    text('name', strings.name, 'credentials', isName),
    pairs('username=\npassword=', strings.secretHint),
  ],
  objects: (values) => [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: values['name'] },
      type: 'Opaque',
      stringData: pairsOf(values['data'] ?? ''),
    },
  ],
};

export const claimForm: CreateForm = {
  id: 'claim',
  title: 'Volume claim',
  kind: '/persistentvolumeclaims',
  fields: [
    text('name', strings.name, 'files', isName),
    text('size', strings.size, '1Gi', isSize),
    {
      name: 'accessMode',
      label: strings.accessMode,
      type: 'choice',
      first: 'ReadWriteOnce',
      options: ['ReadWriteOnce', 'ReadWriteMany', 'ReadOnlyMany', 'ReadWriteOncePod'],
    },
    text('storageClass', strings.storageClass, '', undefined, strings.storageClassHint),
  ],
  objects: (values) => [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: values['name'] },
      spec: {
        accessModes: [values['accessMode']],
        ...(values['storageClass'] && { storageClassName: values['storageClass'] }),
        resources: { requests: { storage: values['size'] } },
      },
    },
  ],
};

export const namespaceForm: CreateForm = {
  id: 'namespace',
  title: 'Namespace with a quota',
  kind: '/namespaces',
  fields: [
    text('name', strings.name, 'team', isLabelName),
    { name: 'quota', label: strings.quota, type: 'flag', first: 'yes' },
    { ...text('cpu', strings.quotaCpu, '4', isAmount), within: 'quota' },
    { ...text('memory', strings.quotaMemory, '8Gi', isAmount), within: 'quota' },
    { ...text('pods', strings.quotaPods, '50', isCount), within: 'quota' },
  ],
  objects: (values) => {
    const { name, cpu = '', memory = '', pods = '' } = values;
    const hard = {
      ...(cpu !== '' && { 'requests.cpu': cpu }),
      ...(memory !== '' && { 'requests.memory': memory }),
      ...(pods !== '' && { pods }),
    };
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'quota', namespace: name },
      spec: { hard },
    };
    return [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, ...(values['quota'] ? [quota] : [])];
  },
};
