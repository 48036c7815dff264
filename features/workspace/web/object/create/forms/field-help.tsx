import type { ReactElement } from 'react';
import type { KindSummary } from '../../../../contract/resource-api.ts';
import { servedKind } from '../../../served-kind.ts';
import { nodeAt, typeWords } from '../../yaml/schema-walk.ts';
import { useKindSchema } from '../../yaml/use-kind-schema.ts';
import type { CreateForm, FormField } from './form-spec.ts';
import { formStrings as strings } from './form-strings.ts';
import { formatPath } from './object-path.ts';

/** What the API server's own schema says of the field one is in, and where it stands in the YAML. */
export function FieldHelp(props: {
  readonly form: CreateForm;
  readonly field: FormField | undefined;
  readonly kinds: readonly KindSummary[];
}): ReactElement | null {
  const { form, field, kinds } = props;
  const part = form.parts[field?.at.part ?? 0];
  const schema = useKindSchema(servedKind(kinds, part)?.path);
  if (!field || field.at.path.length === 0) return null;
  const { path } = field.at;
  const node =
    schema &&
    nodeAt(
      schema,
      path.map((step) => (typeof step === 'number' ? '-' : step)),
    );
  return (
    <aside className="field-help" aria-label={strings.help}>
      <p>
        <code>{formatPath(path)}</code> {node && <small>{typeWords(schema, node)}</small>}
      </p>
      {node?.description !== undefined && <p>{node.description}</p>}
    </aside>
  );
}
