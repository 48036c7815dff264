import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import { StatusWords } from '@krateyard/ui/parts/notice.tsx';
import { appliersOf, changesNothing, type OwnedChange, type Review } from './edit-outcome.ts';
import { editable, yamlOf } from './editable-object.ts';
import { EditorHost } from '@krateyard/ui/editor/editor-host.tsx';
import { formatFieldPath } from './field-path.ts';
import { yamlStrings as strings } from './yaml-strings.ts';

/** What the API server would make of an edit, before it does: the difference, its warnings, whose fields are taken. */
export function ReviewView(props: {
  readonly review: Review;
  readonly saving: boolean;
  readonly status: LiveStatus | undefined;
  readonly onSave: () => void;
  readonly onBack: () => void;
}): ReactElement {
  const { review, saving, status, onSave, onBack } = props;
  const { base, result, warnings, changes, joined } = review;
  const [before, after] = useMemo(() => [textOf(base), textOf(result)], [base, result]);
  const appliers = appliersOf(changes);
  const [taken, setTaken] = useState(false);
  const idle = changesNothing(review);
  const barred = saving || idle || (appliers.length > 0 && !taken);
  const save = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!barred) save.current?.focus();
  }, [barred]);
  return (
    <section className="review" aria-label={strings.reviewTitle}>
      <div className="yaml-bar">
        <button type="button" className="primary" ref={save} disabled={barred} onClick={onSave}>
          {saving ? strings.saving : strings.save}
        </button>
        <button type="button" className="plain" onClick={onBack} disabled={saving}>
          {strings.back}
        </button>
        <span className="absent">{idle ? strings.nothingHappens : strings.reviewHint(changes.length)}</span>
      </div>
      {joined > 0 && <p className="yaml-note">{strings.mergedMeanwhile(joined)}</p>}
      {status && <StatusWords status={status} />}
      {warnings.length > 0 && (
        <div className="yaml-note" role="alert">
          <b>{strings.warnings}</b>
          <ul>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </div>
      )}
      {appliers.length > 0 && (
        <label className="yaml-note check-line">
          <input type="checkbox" checked={taken} onChange={(event) => setTaken(event.target.checked)} />
          {strings.takeOver(appliers.join(', '))}
        </label>
      )}
      <Owners changes={changes} />
      <div className="yaml-text">
        <EditorHost label={strings.diff} text={after} original={before} readOnly />
      </div>
    </section>
  );
}

/** Status is the controllers', and changes by itself: it is no part of what was asked for. */
function textOf(object: Review['base']): string {
  const { status: _, ...rest } = editable(object);
  return yamlOf(rest);
}

function Owners({ changes }: { readonly changes: readonly OwnedChange[] }): ReactElement | null {
  const owned = changes.filter(({ owners }) => owners.length > 0);
  if (owned.length === 0) return null;
  return (
    <details className="review-owners">
      <summary>
        {strings.fieldOwner}{' '}
        {[...new Set(owned.flatMap(({ owners }) => owners.map(({ manager }) => manager)))].join(', ')}
      </summary>
      <ul>
        {owned.map(({ path, owners }) => (
          <li key={formatFieldPath(path)}>
            <span className="mono">{formatFieldPath(path)}</span>{' '}
            {owners.map(({ manager, operation }) => `${manager} (${operation})`).join(', ')}
          </li>
        ))}
      </ul>
    </details>
  );
}
