import { areSomeLabels, isLabelName, isName, isPort, isPortOrName, orEmpty } from './form-checks.ts';
import { choice, count, field, labelRows, line, NAME_LABEL, nameField, needed, rows } from './form-fields.ts';
import { made, numberOf, ofOnlyItem, peers, selector } from './field-shapes.ts';
import type { CreateForm } from './form-spec.ts';
import { formStrings as strings } from './form-strings.ts';
import { valueAt } from './object-path.ts';

export const serviceForm: CreateForm = {
  id: 'service',
  group: 'network',
  title: 'Service',
  kind: '/services',
  parts: [
    {
      apiVersion: 'v1',
      kind: 'Service',
      start: { metadata: {}, spec: { type: '', selector: {}, ports: [{ name: 'http' }] } },
    },
  ],
  fields: [
    nameField('web', isLabelName),
    choice(['type', strings.serviceType, 'spec.type'], ['ClusterIP', 'NodePort', 'LoadBalancer'], {
      wide: true,
    }),
    count(['port', strings.servicePort, 'spec.ports.0.port'], '80', isPort),
    count(['targetPort', strings.targetPort, 'spec.ports.0.targetPort'], '80', isPortOrName),
    rows(['selects', strings.selects, 'spec.selector'], { [NAME_LABEL]: 'web' }, areSomeLabels),
  ],
};

/** By its number or its name. */
const backendPort = made(
  (port) => (typeof numberOf(port) === 'number' ? { number: numberOf(port) } : { name: port }),
  (value) => valueAt(value, ['number']) ?? valueAt(value, ['name']),
);

/** The only port of a rule. */
const portOnly = made(
  (port) => [{ port: numberOf(port) }],
  (value) => valueAt(value, [0, 'port']),
);

const HTTP = 'spec.rules.0.http.paths.0';

export const ingressForm: CreateForm = {
  id: 'ingress',
  group: 'network',
  title: 'Ingress',
  kind: 'networking.k8s.io/ingresses',
  parts: [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      start: { metadata: {}, spec: { rules: [{ host: '', http: { paths: [{ path: '' }] } }] } },
    },
  ],
  fields: [
    nameField('web'),
    line(['class', strings.ingressClass, 'spec.ingressClassName'], '', {
      placeholder: strings.byDefault,
      wide: true,
    }),
    needed(['host', strings.host, 'spec.rules.0.host'], 'web.example.com', isName, { wide: true }),
    needed(['path', strings.path, `${HTTP}.path`], '/'),
    choice(['pathType', strings.pathType, `${HTTP}.pathType`], ['Prefix', 'Exact', 'ImplementationSpecific']),
    needed(['backend', strings.backend, `${HTTP}.backend.service.name`], 'web', isLabelName),
    field('text', backendPort, ['port', strings.backendPort, `${HTTP}.backend.service.port`], '80', {
      check: isPortOrName,
    }),
    field('text', ofOnlyItem('secretName'), ['tls', strings.tlsSecret, 'spec.tls'], '', {
      placeholder: strings.none,
      check: orEmpty(isName),
      wide: true,
    }),
  ],
};

export const networkPolicyForm: CreateForm = {
  id: 'networkpolicy',
  group: 'network',
  title: 'Network policy',
  kind: 'networking.k8s.io/networkpolicies',
  parts: [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      start: { metadata: {}, spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] } },
    },
  ],
  fields: [
    nameField('web'),
    labelRows(['selects', strings.selects, 'spec.podSelector'], { [NAME_LABEL]: 'web' }, selector, {
      hint: strings.allPods,
    }),
    labelRows(['from', strings.allowFrom, 'spec.ingress.0.from'], { [NAME_LABEL]: 'front' }, peers, {
      hint: strings.everyPod,
    }),
    field('text', portOnly, ['port', strings.allowPort, 'spec.ingress.0.ports'], '80', {
      hint: strings.allowPortHint,
      check: orEmpty(isPortOrName),
      wide: true,
    }),
  ],
};
