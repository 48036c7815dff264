import { useMemo, type ReactElement } from 'react';
import { Status } from '@krateyard/ui/parts/status-mark.tsx';
import { fieldsAt, listAt, textAt } from '../../../contract/columns/read.ts';
import {
  endpointsOf,
  portText,
  routesOf,
  serviceVerdict,
  type EndpointFacts,
} from '../facts/service-facts.ts';
import { objectStrings as strings } from '../object-strings.ts';
import { Chips, Fact, Facts, MiniTable, ObjectLink, Section } from '@krateyard/ui/parts/facts.tsx';
import { useObjects } from '../use-objects.ts';
import type { SummaryProps } from './summary-props.ts';
import { VerdictLines } from './verdict-lines.tsx';
import { PodsOf } from './workload-summary.tsx';

export function ServiceSummary({ object: service }: SummaryProps): ReactElement {
  const { name = '', namespace = '' } = service.metadata;
  const query = useMemo(
    () => ({
      kind: 'discovery.k8s.io/v1/endpointslices',
      namespaces: [namespace],
      labelSelector: `kubernetes.io/service-name=${name}`,
    }),
    [name, namespace],
  );
  const { objects: slices, truth } = useObjects(query);
  const known = truth.state !== 'failed' && truth.state !== 'lost' && truth.state !== 'loading';
  const endpoints = known ? endpointsOf(slices) : undefined;
  const selector = Object.entries(fieldsAt(service, 'spec', 'selector')).map(
    ([key, value]) => `${key}=${String(value)}`,
  );
  const outside = [
    ...listAt(service, 'spec', 'externalIPs').map(String),
    ...listAt(service, 'status', 'loadBalancer', 'ingress').flatMap(
      (entry) => textAt(entry, 'ip') ?? textAt(entry, 'hostname') ?? [],
    ),
  ];
  return (
    <>
      {truth.state !== 'loading' && <VerdictLines verdict={serviceVerdict(service, endpoints)} />}
      <Section title={strings.ports}>
        <Chips items={listAt(service, 'spec', 'ports').map(portText)} />
      </Section>
      {endpoints && endpoints.length > 0 && <Endpoints endpoints={endpoints} namespace={namespace} />}
      {selector.length > 0 && <PodsOf namespace={namespace} selector={selector.join(',')} />}
      <Section title={strings.about}>
        <Facts>
          <Fact title={strings.serviceType}>{textAt(service, 'spec', 'type')}</Fact>
          <Fact title={strings.clusterIp}>
            <span className="mono">
              {listAt(service, 'spec', 'clusterIPs').map(String).join(', ') ||
                textAt(service, 'spec', 'clusterIP')}
            </span>
          </Fact>
          <Fact title={strings.externalIp}>{outside.join(', ')}</Fact>
          <Fact title={strings.selector}>
            {selector.length > 0 ? (
              <span className="mono">{selector.join(',')}</span>
            ) : (
              <span className="absent">{strings.noSelector}</span>
            )}
          </Fact>
          <Fact title={strings.sessionAffinity}>{textAt(service, 'spec', 'sessionAffinity')}</Fact>
          <Fact title={strings.trafficPolicy}>
            {textAt(service, 'spec', 'externalTrafficPolicy') ??
              textAt(service, 'spec', 'internalTrafficPolicy')}
          </Fact>
        </Facts>
      </Section>
    </>
  );
}

function Endpoints(props: {
  readonly endpoints: readonly EndpointFacts[];
  readonly namespace: string;
}): ReactElement {
  const { endpoints, namespace } = props;
  return (
    <Section title={strings.endpoints} aside={endpoints.length}>
      <MiniTable
        label={strings.endpoints}
        rows={endpoints}
        keyOf={({ address }) => address}
        columns={[
          { title: 'Address', render: ({ address }) => <span className="mono">{address}</span> },
          {
            title: strings.state,
            render: ({ ready, terminating }) => (
              <Status
                word={ready ? 'Running' : terminating ? 'Stopped' : 'Failed'}
                text={terminating ? 'Terminating' : ready ? 'Ready' : 'Not ready'}
              />
            ),
          },
          {
            title: 'Pod',
            render: ({ pod }) =>
              pod === undefined ? '–' : <ObjectLink kind="pods" namespace={namespace} name={pod} />,
          },
          {
            title: strings.node,
            render: ({ node }) => (node === undefined ? '–' : <ObjectLink kind="v1/nodes" name={node} />),
          },
        ]}
      />
    </Section>
  );
}

export function IngressSummary({ object: ingress }: SummaryProps): ReactElement {
  const { namespace } = ingress.metadata;
  const routes = routesOf(ingress);
  const addresses = listAt(ingress, 'status', 'loadBalancer', 'ingress').flatMap(
    (entry) => textAt(entry, 'ip') ?? textAt(entry, 'hostname') ?? [],
  );
  const ingressClass = textAt(ingress, 'spec', 'ingressClassName');
  const secrets = listAt(ingress, 'spec', 'tls').flatMap((entry) => textAt(entry, 'secretName') ?? []);
  return (
    <>
      <VerdictLines
        verdict={
          addresses.length > 0
            ? { word: 'Running', text: `Reached at ${addresses.join(', ')}.`, reasons: [] }
            : { word: 'Pending', text: 'No controller has given it an address yet.', reasons: [] }
        }
      />
      <Section title={strings.rules} aside={routes.length}>
        <MiniTable
          label={strings.rules}
          rows={routes}
          keyOf={({ host, path }, index) => `${host}${path}${index}`}
          columns={[
            {
              title: strings.host,
              render: ({ host, tls }) => <span className="mono">{tls ? `https://${host}` : host}</span>,
            },
            {
              title: strings.path,
              render: ({ path, pathType }) => (
                <>
                  <span className="mono">{path}</span> <small className="absent">{pathType}</small>
                </>
              ),
            },
            {
              title: strings.backend,
              render: ({ service, port }) =>
                service === undefined ? (
                  '–'
                ) : (
                  <>
                    <ObjectLink kind="services" namespace={namespace} name={service} />
                    <span className="mono">:{port}</span>
                  </>
                ),
            },
          ]}
        />
      </Section>
      <Section title={strings.about}>
        <Facts>
          <Fact title={strings.ingressClass}>
            {ingressClass !== null && (
              <ObjectLink kind="networking.k8s.io/v1/ingressclasses" name={ingressClass} />
            )}
          </Fact>
          <Fact title={strings.tls}>
            {secrets.length > 0 &&
              secrets.map((secret) => (
                <ObjectLink key={secret} kind="secrets" namespace={namespace} name={secret} />
              ))}
          </Fact>
        </Facts>
      </Section>
    </>
  );
}
