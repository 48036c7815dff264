import { useMemo, useState, type ReactElement } from 'react';
import { Link } from 'wouter';
import { formatCount } from '@krateyard/ui/words/format-time';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { at, fieldsAt, listAt, textAt } from '../../../contract/columns/read.ts';
import { formatKindPath } from '../../../contract/kind-path.ts';
import { formatView } from '../../view-url.ts';
import { conditionOf, whyOf } from '../facts/conditions.ts';
import { objectStrings as strings } from '../object-strings.ts';
import { Chips, Fact, Facts, MiniTable, Section } from '@krateyard/ui/parts/facts.tsx';
import { useObjects } from '../use-objects.ts';
import type { SummaryProps } from './summary-props.ts';
import { VerdictLines } from './verdict-lines.tsx';

export function CrdSummary({ object: crd }: SummaryProps): ReactElement {
  const versions = listAt(crd, 'spec', 'versions');
  const stored = versions.find((version) => at(version, 'storage') === true) ?? versions[0];
  const established = conditionOf(crd, 'Established');
  const names = conditionOf(crd, 'NamesAccepted');
  const nonStructural = conditionOf(crd, 'NonStructuralSchema');
  const well = established?.status === 'True';
  return (
    <>
      <VerdictLines
        verdict={{
          word: well ? 'Running' : 'Failed',
          text: well
            ? 'Established: its objects are served.'
            : 'Not established: its objects are not served.',
          since: established?.since,
          reasons: [
            ...(names?.status === 'False' ? whyOf(names) : []),
            ...(nonStructural?.status === 'True' ? whyOf(nonStructural) : []),
          ],
        }}
      />
      <Facts>
        <Fact title={strings.group}>{textAt(crd, 'spec', 'group')}</Fact>
        <Fact title={strings.kind}>{textAt(crd, 'spec', 'names', 'kind')}</Fact>
        <Fact title={strings.plural}>{textAt(crd, 'spec', 'names', 'plural')}</Fact>
        <Fact title={strings.shortNames}>
          {listAt(crd, 'spec', 'names', 'shortNames').map(String).join(', ')}
        </Fact>
        <Fact title={strings.scope}>{textAt(crd, 'spec', 'scope')}</Fact>
        <Fact title={strings.storedVersions}>
          {listAt(crd, 'status', 'storedVersions').map(String).join(', ')}
        </Fact>
        <Fact title={strings.objects}>
          <Objects crd={crd} version={stored} />
        </Fact>
      </Facts>
      <Section title={strings.versions} aside={versions.length}>
        <MiniTable
          label={strings.versions}
          rows={versions}
          keyOf={(version) => textAt(version, 'name') ?? ''}
          columns={[
            { title: 'Name', render: (version) => textAt(version, 'name') },
            { title: strings.state, render: (version) => <Chips items={wordsOf(version)} /> },
            {
              title: strings.columns,
              render: (version) =>
                listAt(version, 'additionalPrinterColumns')
                  .map((column) => textAt(column, 'name'))
                  .join(', '),
            },
          ]}
        />
      </Section>
      <Section title={strings.schema}>
        <SchemaTree schema={at(stored, 'schema', 'openAPIV3Schema')} />
      </Section>
    </>
  );
}

function wordsOf(version: unknown): readonly string[] {
  return [
    at(version, 'served') === true ? strings.served : '',
    at(version, 'storage') === true ? strings.stored : '',
    at(version, 'deprecated') === true ? strings.deprecated : '',
  ].filter((word) => word !== '');
}

function Objects(props: { readonly crd: LiveObject; readonly version: unknown }): ReactElement {
  const { crd, version } = props;
  const kind = formatKindPath({
    group: textAt(crd, 'spec', 'group') ?? '',
    version: textAt(version, 'name') ?? '',
    resource: textAt(crd, 'spec', 'names', 'plural') ?? '',
  });
  const query = useMemo(() => ({ kind, namespaces: [] }), [kind]);
  const { total, truth } = useObjects(query, { limit: 20 });
  const unknown = truth.state === 'failed' || truth.state === 'lost' || truth.state === 'loading';
  return (
    <>
      {unknown ? strings.unknown : formatCount(total)}{' '}
      <Link href={formatView({ kind })}>{strings.openTable}</Link>
    </>
  );
}

const OPEN_DEPTH = 1;

/** A schema as a tree of fields with their types; deep ones unfold. */
function SchemaTree({ schema }: { readonly schema: unknown }): ReactElement {
  return (
    <div className="value-tree mono" role="group" aria-label={strings.schema}>
      <Fields schema={schema} depth={0} />
    </div>
  );
}

function Fields({ schema, depth }: { readonly schema: unknown; readonly depth: number }): ReactElement {
  const required = new Set(listAt(schema, 'required').map(String));
  return (
    <ul>
      {Object.entries(fieldsAt(schema, 'properties')).map(([name, field]) => (
        <li key={name}>
          <SchemaField name={name} field={field} required={required.has(name)} depth={depth} />
        </li>
      ))}
    </ul>
  );
}

function SchemaField(props: {
  readonly name: string;
  readonly field: unknown;
  readonly required: boolean;
  readonly depth: number;
}): ReactElement {
  const { name, field, required, depth } = props;
  const inner = innerOf(field);
  const [open, setOpen] = useState(depth < OPEN_DEPTH);
  const description = textAt(field, 'description');
  const head = (
    <>
      <span className="value-name" title={description ?? undefined}>
        {name}
      </span>{' '}
      <small>
        {typeText(field)}
        {required ? ', required' : ''}
      </small>
    </>
  );
  if (Object.keys(fieldsAt(inner, 'properties')).length === 0) {
    return <span className="value-line">{head}</span>;
  }
  return (
    <>
      <button type="button" className="plain value-fold" aria-expanded={open} onClick={() => setOpen(!open)}>
        {head}
      </button>
      {open && <Fields schema={inner} depth={depth + 1} />}
    </>
  );
}

/** Of lists and maps what they hold. */
function innerOf(field: unknown): unknown {
  return (
    at(field, 'items') ??
    (typeof at(field, 'additionalProperties') === 'object' ? at(field, 'additionalProperties') : field)
  );
}

function typeText(field: unknown): string {
  if (at(field, 'x-kubernetes-int-or-string') === true) return 'int or string';
  const type = textAt(field, 'type') ?? 'any';
  if (type === 'array') return `list of ${textAt(field, 'items', 'type') ?? 'any'}`;
  if (typeof at(field, 'additionalProperties') === 'object') return 'map';
  const values = listAt(field, 'enum').map(String).join(' | ');
  return values === '' ? type : `${type}: ${values}`;
}
