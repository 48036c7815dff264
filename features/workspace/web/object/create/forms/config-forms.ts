import { areKeys, areSomeAmounts, isAmount, isCount, isLabelName, isSize, orEmpty } from './form-checks.ts';
import { choice, count, field, inPart, line, nameField, needed, rows, withPart } from './form-fields.ts';
import { encoded } from './field-shapes.ts';
import type { CreateForm, FormField } from './form-spec.ts';
import { formStrings as strings } from './form-strings.ts';

export const configMapForm: CreateForm = {
  id: 'configmap',
  group: 'config',
  title: 'ConfigMap',
  kind: '/configmaps',
  parts: [{ apiVersion: 'v1', kind: 'ConfigMap', start: { metadata: {} } }],
  fields: [nameField('settings'), rows(['data', strings.data, 'data'], { LOG_LEVEL: 'info' }, areKeys)],
};

export const secretForm: CreateForm = {
  id: 'secret',
  group: 'config',
  title: 'Secret',
  kind: '/secrets',
  parts: [{ apiVersion: 'v1', kind: 'Secret', start: { metadata: {}, type: '' } }],
  fields: [
    nameField('credentials'),
    choice(
      ['type', strings.secretType, 'type'],
      [
        'Opaque',
        'kubernetes.io/basic-auth',
        'kubernetes.io/ssh-auth',
        'kubernetes.io/tls',
        'kubernetes.io/dockerconfigjson',
      ],
      { wide: true },
    ),
    rows(['data', strings.data, 'stringData'], { username: '', password: '' }, areKeys, {
      hint: strings.secretHint,
      masked: true,
    }),
    field('entries', encoded, ['encoded', strings.secretEncoded, 'data'], [], {
      check: areKeys,
      masked: true,
      seldom: true,
      wide: true,
    }),
  ],
};

export const claimForm: CreateForm = {
  id: 'claim',
  group: 'config',
  title: 'Volume claim',
  kind: '/persistentvolumeclaims',
  parts: [{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', start: { metadata: {}, spec: {} } }],
  fields: [
    nameField('files'),
    needed(['size', strings.size, 'spec.resources.requests.storage'], '1Gi', isSize),
    choice(
      ['accessMode', strings.accessMode, 'spec.accessModes.0'],
      ['ReadWriteOnce', 'ReadWriteMany', 'ReadOnlyMany', 'ReadWriteOncePod'],
    ),
    line(['storageClass', strings.storageClass, 'spec.storageClassName'], '', {
      placeholder: strings.byDefault,
      wide: true,
    }),
  ],
};

const amount = (name: string, label: string, key: string, first: string): FormField =>
  line([name, label, inPart(1, 'spec.hard', key)], first, {
    placeholder: strings.none,
    check: isAmount,
    within: 'quota',
  });

export const namespaceForm: CreateForm = {
  id: 'namespace',
  group: 'limits',
  title: 'Namespace with a quota',
  kind: '/namespaces',
  parts: [
    { apiVersion: 'v1', kind: 'Namespace', start: { metadata: {} } },
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      start: { metadata: { name: 'quota' }, spec: {} },
      within: 'quota',
    },
  ],
  fields: [
    nameField('team', isLabelName, [inPart(1, 'metadata.namespace')]),
    choice(
      [
        'podSecurity',
        strings.podSecurity,
        inPart(0, 'metadata.labels', 'pod-security.kubernetes.io/enforce'),
      ],
      ['', 'restricted', 'baseline', 'privileged'],
      { placeholder: strings.asCluster, wide: true },
    ),
    withPart('quota', strings.quota, 1),
    amount('cpu', strings.quotaCpu, 'requests.cpu', '4'),
    amount('memory', strings.quotaMemory, 'requests.memory', '8Gi'),
    count(['pods', strings.quotaPods, inPart(1, 'spec.hard', 'pods')], '50', orEmpty(isCount), {
      placeholder: strings.none,
      within: 'quota',
    }),
  ],
};

export const quotaForm: CreateForm = {
  id: 'quota',
  group: 'limits',
  title: 'Resource quota',
  kind: '/resourcequotas',
  parts: [{ apiVersion: 'v1', kind: 'ResourceQuota', start: { metadata: {}, spec: {} } }],
  fields: [
    nameField('quota'),
    rows(
      ['hard', strings.hard, 'spec.hard'],
      { 'requests.cpu': '4', 'requests.memory': '8Gi', pods: '50' },
      areSomeAmounts,
    ),
  ],
};

const ofContainer = (name: string, label: string, path: string, first: string): FormField =>
  line([name, label, `spec.limits.0.${path}`], first, { placeholder: strings.none, check: isAmount });

export const limitRangeForm: CreateForm = {
  id: 'limitrange',
  group: 'limits',
  title: 'Limits of containers',
  kind: '/limitranges',
  parts: [
    {
      apiVersion: 'v1',
      kind: 'LimitRange',
      start: { metadata: {}, spec: { limits: [{ type: 'Container' }] } },
    },
  ],
  fields: [
    nameField('containers'),
    ofContainer('requestCpu', strings.requestCpu, 'defaultRequest.cpu', '50m'),
    ofContainer('requestMemory', strings.requestMemory, 'defaultRequest.memory', '64Mi'),
    ofContainer('limitCpu', strings.limitCpu, 'default.cpu', ''),
    ofContainer('limitMemory', strings.limitMemory, 'default.memory', '256Mi'),
  ],
};
