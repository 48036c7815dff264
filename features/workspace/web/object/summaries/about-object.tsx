import type { ReactElement, ReactNode } from 'react';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { Age } from '@krateyard/ui/parts/age.tsx';
import { StatusMark } from '@krateyard/ui/parts/status-mark.tsx';
import { dateAt, listAt, textAt } from '../../../contract/columns/read.ts';
import { conditionsOf, pairsOf, type Condition } from '../../object-facts.ts';
import { objectStrings as strings } from '../object-strings.ts';
import { Fact, Facts, ObjectLink, Section, When } from '@krateyard/ui/parts/facts.tsx';
import { useKindPaths } from '../use-kind-paths.ts';

/** What every object has, below what its kind says: conditions, when and whose, labels, annotations. */
export function AboutObject({ object }: { readonly object: LiveObject }): ReactElement {
  const conditions = conditionsOf(object);
  return (
    <>
      {conditions.length > 0 && <Conditions conditions={conditions} />}
      <Section title={strings.metadata}>
        <Facts>
          <Fact title={strings.created}>
            <When at={dateAt(object, 'metadata', 'creationTimestamp')} />
          </Fact>
          {listAt(object, 'metadata', 'ownerReferences').length > 0 && (
            <Fact title={strings.owners}>
              <Owners object={object} />
            </Fact>
          )}
          <Fact title={strings.uid}>
            {object.metadata.uid !== undefined && <span className="mono">{object.metadata.uid}</span>}
          </Fact>
        </Facts>
      </Section>
      <Pairs title={strings.labels} pairs={pairsOf(object.metadata['labels'])} />
      <Pairs title={strings.annotations} pairs={pairsOf(object.metadata['annotations'])} />
    </>
  );
}

function Owners({ object }: { readonly object: LiveObject }): ReactNode {
  const paths = useKindPaths();
  const owners = listAt(object, 'metadata', 'ownerReferences');
  return owners.map((owner) => {
    const kind = textAt(owner, 'kind') ?? '';
    const name = textAt(owner, 'name') ?? '';
    const known = paths(textAt(owner, 'apiVersion') ?? '', kind);
    return (
      <div key={`${kind} ${name}`}>
        {kind}{' '}
        {known ? (
          <ObjectLink
            kind={known.path}
            namespace={known.namespaced ? object.metadata.namespace : undefined}
            name={name}
          />
        ) : (
          name
        )}
      </div>
    );
  });
}

function Conditions({ conditions }: { readonly conditions: readonly Condition[] }): ReactElement {
  return (
    <Section title={strings.conditions}>
      <ul className="conditions">
        {conditions.map((condition) => (
          <li key={condition.type}>
            <StatusMark word={condition.word} />
            <span>
              <b>{condition.type}</b> {condition.status}
              {condition.reason !== '' && ` · ${condition.reason}`}
            </span>
            {condition.since !== undefined && <Age at={condition.since} />}
            {condition.message !== '' && <p dir="auto">{condition.message}</p>}
          </li>
        ))}
      </ul>
    </Section>
  );
}

export function Pairs(props: {
  readonly title: string;
  readonly pairs: readonly (readonly [string, string])[];
}): ReactElement | null {
  const { title, pairs } = props;
  if (pairs.length === 0) return null;
  return (
    <Section title={title}>
      <ul className="pairs">
        {pairs.map(([name, value]) => (
          <li key={name}>
            <span>{breakable(name)}</span>
            <span dir="auto">{shortened(value)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** An annotation may hold a whole object; all of it stands in the YAML. */
const LONGEST = 2000;
const shortened = (value: string): string =>
  value.length > LONGEST ? `${value.slice(0, LONGEST)} …` : value;

/** A long key breaks after its prefix, not in the middle of a word. */
function breakable(key: string): ReactNode {
  const slash = key.indexOf('/') + 1;
  if (slash === 0) return key;
  return (
    <>
      {key.slice(0, slash)}
      <wbr />
      {key.slice(slash)}
    </>
  );
}
