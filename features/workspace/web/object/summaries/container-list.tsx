import type { ReactElement, ReactNode } from 'react';
import { Age } from '@krateyard/ui/parts/age.tsx';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { Status } from '@krateyard/ui/parts/status-mark.tsx';
import type { ContainerFacts, EnvironmentFacts, MountFacts } from '../facts/container-facts.ts';
import { endText } from '../facts/pod-verdict.ts';
import { objectStrings as strings } from '../object-strings.ts';
import { useNow } from '@krateyard/ui/parts/use-now';
import { Chips, Fact, Facts, MiniTable, ObjectLink, Section } from '@krateyard/ui/parts/facts.tsx';

/** Containers, one line each; one at a time stands open with all that is known of it. */
export function ContainerList(props: {
  readonly containers: readonly ContainerFacts[];
  readonly namespace: string | undefined;
  readonly open: string | undefined;
  readonly onOpen: (name: string | undefined) => void;
}): ReactElement | null {
  const { containers, namespace, open, onOpen } = props;
  if (containers.length === 0) return null;
  return (
    <Section title={strings.containers} aside={containers.length}>
      <ul className="containers">
        {containers.map((container) => {
          const shown = open === container.name || (open === undefined && containers.length === 1);
          return (
            <li key={`${container.type} ${container.name}`}>
              <button
                type="button"
                className="plain container-line"
                aria-expanded={shown}
                onClick={() => onOpen(shown && open !== undefined ? undefined : container.name)}
              >
                <Icon name="chevron" />
                <ContainerLine container={container} />
              </button>
              {shown && <ContainerDetail container={container} namespace={namespace} />}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

const TYPES: Readonly<Record<ContainerFacts['type'], string>> = {
  main: '',
  init: strings.initContainer,
  sidecar: strings.sidecar,
  ephemeral: strings.ephemeral,
};

function ContainerLine({ container }: { readonly container: ContainerFacts }): ReactElement {
  const { name, type, word, state, since, restarts, image } = container;
  return (
    <>
      <b>{name}</b>
      {type !== 'main' && <small className="chip">{TYPES[type]}</small>}
      {state !== '' && <Status word={word} text={state} />}
      {since !== undefined && <Age at={since} />}
      {restarts > 0 && <span className="tone-warn">{strings.restarts(restarts)}</span>}
      <span className="clip container-image mono" title={image}>
        {image.split('/').at(-1)}
      </span>
    </>
  );
}

function ContainerDetail(props: {
  readonly container: ContainerFacts;
  readonly namespace: string | undefined;
}): ReactElement {
  const { container, namespace } = props;
  const { message, lastEnd, image, imageId, command, ports, probes, resources, mounts, environment } =
    container;
  return (
    <div className="container-detail">
      {message !== '' && (
        <p className="gone-line" dir="auto">
          {message}
        </p>
      )}
      <Facts>
        <Fact title={strings.lastEnd}>{lastEnd && <LastEnd end={lastEnd} />}</Fact>
        <Fact title={strings.image}>
          <span className="mono">{image}</span>
        </Fact>
        <Fact title={strings.imageId}>{imageId !== '' && <span className="mono">{imageId}</span>}</Fact>
        <Fact title={strings.command}>{command !== '' && <span className="mono">{command}</span>}</Fact>
        <Fact title={strings.ports}>{ports.length > 0 && <Chips items={ports} />}</Fact>
        <Fact title={strings.probes}>{lines(probes)}</Fact>
        <Fact title={strings.resources}>{lines(resources)}</Fact>
      </Facts>
      {environment.length > 0 && <Environment entries={environment} namespace={namespace} />}
      {mounts.length > 0 && <Mounts mounts={mounts} />}
    </div>
  );
}

function LastEnd({ end }: { readonly end: NonNullable<ContainerFacts['lastEnd']> }): ReactElement {
  const text = endText(end, useNow());
  return (
    <>
      {text.charAt(0).toUpperCase() + text.slice(1)}
      {end.message !== '' && <pre className="end-message">{end.message}</pre>}
    </>
  );
}

function lines(texts: readonly string[]): ReactNode {
  return texts.length > 0 && texts.map((text) => <div key={text}>{text}</div>);
}

function Environment(props: {
  readonly entries: readonly EnvironmentFacts[];
  readonly namespace: string | undefined;
}): ReactElement {
  const { entries, namespace } = props;
  return (
    <>
      <h4>{strings.environment}</h4>
      <MiniTable
        label={strings.environment}
        rows={entries}
        keyOf={({ name }, index) => `${name} ${index}`}
        columns={[
          { title: 'Name', render: ({ name }) => <span className="mono">{name}</span> },
          {
            title: strings.value,
            render: (entry) => <EnvironmentValue entry={entry} namespace={namespace} />,
          },
        ]}
      />
    </>
  );
}

function EnvironmentValue(props: {
  readonly entry: EnvironmentFacts;
  readonly namespace: string | undefined;
}): ReactElement {
  const { value, from } = props.entry;
  if (!from) return <span className="mono">{value}</span>;
  if (from.type === 'field') return <span className="absent">{from.name}</span>;
  return (
    <>
      <ObjectLink
        kind={from.type === 'secret' ? 'secrets' : 'configmaps'}
        namespace={props.namespace}
        name={from.name}
      />
      {from.key !== '*' && <span className="mono"> {from.key}</span>}
      {from.type === 'secret' && <small className="absent"> ({strings.valueHidden})</small>}
    </>
  );
}

function Mounts({ mounts }: { readonly mounts: readonly MountFacts[] }): ReactElement {
  return (
    <>
      <h4>{strings.mounts}</h4>
      <MiniTable
        label={strings.mounts}
        rows={mounts}
        keyOf={({ path, subPath }) => `${path} ${subPath}`}
        columns={[
          { title: 'Path', render: ({ path }) => <span className="mono">{path}</span> },
          {
            title: strings.volume,
            render: ({ volume, subPath, readOnly }) => (
              <>
                {volume}
                {subPath !== '' && <span className="mono">/{subPath}</span>}
                {readOnly && <small className="absent"> ({strings.readOnly})</small>}
              </>
            ),
          },
        ]}
      />
    </>
  );
}
