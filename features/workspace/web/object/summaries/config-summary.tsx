import { useMemo, useState, type ReactElement } from 'react';
import { IconButton } from '@krateyard/ui/parts/icon-button.tsx';
import { at, fieldsAt, listAt, textAt } from '../../../contract/columns/read.ts';
import { copyQuoted } from '../copy-quoted.ts';
import { objectStrings as strings } from '../object-strings.ts';
import { Fact, Facts, MiniTable, ObjectLink, Section } from '@krateyard/ui/parts/facts.tsx';
import { bytesText } from './bytes-text.ts';
import { SecretValue } from './secret-value.tsx';
import type { SummaryProps } from './summary-props.ts';

export function ConfigMapSummary({ object: map }: SummaryProps): ReactElement {
  const texts = Object.entries(fieldsAt(map, 'data'));
  const binary = Object.entries(fieldsAt(map, 'binaryData'));
  return (
    <>
      {at(map, 'immutable') === true && <p className="absent">{strings.immutable}</p>}
      <Section title={strings.keysAndSizes} aside={texts.length + binary.length}>
        <ul className="entries">
          {texts.map(([key, value]) => (
            <Entry key={key} name={key} value={typeof value === 'string' ? value : JSON.stringify(value)} />
          ))}
          {binary.map(([key, value]) => (
            <li key={key} className="entry">
              <span className="entry-name mono">{key}</span>
              <small className="absent">
                {strings.binary}, {bytesText((String(value).length * 3) / 4)}
              </small>
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}

/** Shorter values stand open; of long ones the beginning, as a megabyte of text is nothing to lay out. */
const OPEN_LENGTH = 600;
const SHOWN_LENGTH = 20_000;

function Entry({ name, value }: { readonly name: string; readonly value: string }): ReactElement {
  const [open, setOpen] = useState(value.length <= OPEN_LENGTH);
  const bytes = useMemo(() => new TextEncoder().encode(value).length, [value]);
  return (
    <li className="entry">
      <button type="button" className="plain value-fold" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="entry-name mono">{name}</span>
        <small>{bytesText(bytes)}</small>
      </button>
      <IconButton icon="copy" label={strings.copyValue(name)} onPress={() => copyQuoted(value)} />
      {open && (
        <pre dir="auto">
          {value.slice(0, SHOWN_LENGTH)}
          {value.length > SHOWN_LENGTH && `\n${strings.more(value.length - SHOWN_LENGTH)}`}
        </pre>
      )}
    </li>
  );
}

export function SecretSummary({ object: secret }: SummaryProps): ReactElement {
  const { name = '', namespace = '' } = secret.metadata;
  const keys = Object.entries(fieldsAt(secret, 'dataSizes'));
  const account = textAt(secret, 'metadata', 'annotations', 'kubernetes.io/service-account.name');
  return (
    <>
      <Facts>
        <Fact title={strings.secretType}>{textAt(secret, 'type')}</Fact>
        <Fact title={strings.immutable}>{at(secret, 'immutable') === true && strings.yes}</Fact>
        <Fact title={strings.serviceAccount}>
          {account !== null && <ObjectLink kind="v1/serviceaccounts" namespace={namespace} name={account} />}
        </Fact>
      </Facts>
      <Section title={strings.keysAndSizes} aside={keys.length}>
        <ul className="entries">
          {keys.map(([key, size]) => (
            <li key={key} className="entry">
              <span className="entry-name mono">{key}</span>
              <small className="absent">{bytesText(Number(size))}</small>
              <SecretValue namespace={namespace} name={name} entry={key} />
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}

export function ServiceAccountSummary({ object: account }: SummaryProps): ReactElement {
  const { namespace } = account.metadata;
  const names = (field: string): readonly string[] =>
    listAt(account, field).flatMap((entry) => textAt(entry, 'name') ?? []);
  const links = (list: readonly string[]): ReactElement[] =>
    list.map((secret) => (
      <div key={secret}>
        <ObjectLink kind="secrets" namespace={namespace} name={secret} />
      </div>
    ));
  return (
    <Facts>
      <Fact title={strings.automount}>
        {at(account, 'automountServiceAccountToken') === false ? strings.onlyWhereAsked : strings.yes}
      </Fact>
      <Fact title={strings.pullSecrets}>
        {names('imagePullSecrets').length > 0 && links(names('imagePullSecrets'))}
      </Fact>
      <Fact title={strings.secrets}>{names('secrets').length > 0 && links(names('secrets'))}</Fact>
    </Facts>
  );
}

export function LimitTable({ limits }: { readonly limits: readonly unknown[] }): ReactElement {
  const rows = limits.flatMap((limit) => {
    const resources = new Set(
      ['max', 'min', 'default', 'defaultRequest'].flatMap((field) => Object.keys(fieldsAt(limit, field))),
    );
    return [...resources].map((resource) => ({ limit, resource }));
  });
  const cell = (field: string) => (row: (typeof rows)[number]) =>
    textAt(row.limit, field, row.resource) ?? '–';
  return (
    <MiniTable
      label={strings.limitRanges}
      rows={rows}
      keyOf={({ limit, resource }, index) => `${textAt(limit, 'type')} ${resource} ${index}`}
      columns={[
        { title: 'Type', render: ({ limit }) => textAt(limit, 'type') },
        { title: strings.resource, render: ({ resource }) => resource },
        { title: 'Min', numeric: true, render: cell('min') },
        { title: 'Max', numeric: true, render: cell('max') },
        { title: 'Default request', numeric: true, render: cell('defaultRequest') },
        { title: 'Default limit', numeric: true, render: cell('default') },
      ]}
    />
  );
}
