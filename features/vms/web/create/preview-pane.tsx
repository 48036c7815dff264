import type { ReactElement } from 'react';
import { EditorHost } from '@krateyard/ui/editor/editor-host.tsx';
import { copyText } from '@krateyard/ui/parts/clipboard';
import { StatusWords } from '@krateyard/ui/parts/notice.tsx';
import { StatusMark } from '@krateyard/ui/parts/status-mark.tsx';
import type { QuotaEffect, VmDryRun } from '../../contract/vm-create.ts';
import { createStrings as strings } from './create-strings.ts';
import type { MissingField } from './missing-fields.ts';
import type { Preview } from './use-preview.ts';

/** What would be made: whether the API server takes it, what it does to quotas, and the YAML. */
export function PreviewPane({ preview }: { readonly preview: Preview }): ReactElement {
  const { answer, refused, errors, checking } = preview;
  const yaml = answer ? textOf(answer) : undefined;
  const stale = errors.size > 0 && answer !== undefined;
  return (
    <aside className="create-preview" aria-label={strings.preview}>
      <h2>{strings.preview}</h2>
      <Verdict preview={preview} />
      {answer && answer.warnings.length > 0 && <Warnings warnings={answer.warnings} />}
      {answer && refused === undefined && <Quotas effects={answer.quota} />}
      <div className="yaml-head">
        <h3>{strings.yaml}</h3>
        {stale && !checking && <small className="absent">{strings.stale}</small>}
        {yaml !== undefined && (
          <button type="button" className="plain" onClick={() => void copyText(yaml)}>
            {strings.copy}
          </button>
        )}
      </div>
      <p className="absent">{yaml === undefined ? strings.noYaml : strings.yamlHint}</p>
      {yaml !== undefined && (
        <div className="create-yaml">
          <EditorHost label={strings.yaml} text={yaml} readOnly />
        </div>
      )}
    </aside>
  );
}

const textOf = ({ objects }: VmDryRun): string => objects.map(({ yaml }) => yaml).join('---\n');

function Verdict({ preview }: { readonly preview: Preview }): ReactElement {
  const { refused, errors, checking, missing } = preview;
  if (missing.length > 0) return <StillMissing missing={missing} />;
  if (checking)
    return (
      <p className="verdict absent" role="status">
        {strings.checking}
      </p>
    );
  if (!refused)
    return (
      <p className="verdict" role="status">
        <StatusMark word="Running" /> {strings.checked}
      </p>
    );
  if (errors.size === 0)
    return (
      <div className="verdict" role="status">
        <p>
          <StatusMark word="Failed" /> {strings.refused}
        </p>
        <StatusWords status={refused} />
      </div>
    );
  return (
    <div className="verdict" role="status">
      <p>
        <StatusMark word="Pending" /> {strings.toMend(errors.size)}
      </p>
      <ul className="to-mend">
        {Array.from(errors, ([field, message]) => (
          <li key={field}>
            <code>{field}</code> {message}
          </li>
        ))}
      </ul>
    </div>
  );
}

function StillMissing({ missing }: { readonly missing: readonly MissingField[] }): ReactElement {
  return (
    <div className="verdict" role="status">
      <p>
        <StatusMark word="Pending" /> {strings.stillMissing}
      </p>
      <ul className="to-mend">
        {missing.map(({ field, words }) => (
          <li key={field}>{words}</li>
        ))}
      </ul>
    </div>
  );
}

function Warnings({ warnings }: { readonly warnings: readonly string[] }): ReactElement {
  return (
    <ul className="create-notes" aria-label={strings.warnings}>
      {warnings.map((warning) => (
        <li key={warning}>{warning}</li>
      ))}
    </ul>
  );
}

function Quotas({ effects }: { readonly effects: readonly QuotaEffect[] }): ReactElement {
  const names = [...new Set(effects.map(({ quota }) => quota))];
  return (
    <section className="create-quota" aria-label={strings.quota}>
      <h3>{strings.quota}</h3>
      {names.length === 0 && <p className="absent">{strings.noQuota}</p>}
      {names.map((name) => (
        <QuotaTable key={name} name={name} effects={effects.filter(({ quota }) => quota === name)} />
      ))}
    </section>
  );
}

function QuotaTable(props: {
  readonly name: string;
  readonly effects: readonly QuotaEffect[];
}): ReactElement {
  const { name, effects } = props;
  return (
    <div className="create-quota-table">
      <table>
        <caption>{strings.quotaOf(name)}</caption>
        <thead>
          <tr>
            {strings.quotaColumns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {effects.map(({ resource, hard, used, adds, left, exceeded }) => (
            <tr key={resource} data-exceeded={exceeded || undefined}>
              <th scope="row">{resource}</th>
              <td>{hard}</td>
              <td>{used}</td>
              <td>{adds}</td>
              <td>{left}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {effects.some(({ exceeded }) => exceeded) && <p className="tone-bad">▲ {strings.quotaOver}</p>}
    </div>
  );
}
