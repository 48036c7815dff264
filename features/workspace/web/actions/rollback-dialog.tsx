import { useMemo, useState, type ReactElement } from 'react';
import { ConfirmDialog } from '@krateyard/ui/dialogs/confirm-dialog.tsx';
import { openDialog } from '@krateyard/ui/dialogs/dialogs';
import { SelectField } from '@krateyard/ui/forms/select-field.tsx';
import { StatusWords } from '@krateyard/ui/parts/notice.tsx';
import { formatAge } from '@krateyard/ui/words/age';
import type { Revision, RevisionList } from '../../contract/action-api.ts';
import { writeYaml } from '../object/yaml/write-yaml.ts';
import { actionStrings as strings } from './action-strings.ts';
import { diffHunks, diffLines } from './line-diff.ts';
import type { ActionTarget } from './object-action.ts';
import { postAction, whatOf } from './post-action.ts';
import { useAsked } from '@krateyard/ui/live/use-asked';
import './dialogs.css';

export function openRollbackDialog(target: ActionTarget): void {
  openDialog(() => <RollbackDialog target={target} />);
}

function RollbackDialog({ target }: { readonly target: ActionTarget }): ReactElement {
  const { name = '', namespace = '' } = target.object.metadata;
  const asked = useAsked<RevisionList>(
    `/api/resource/${target.kind.path}/${encodeURIComponent(name)}/revisions?ns=${encodeURIComponent(namespace)}`,
  );
  const items = asked.state === 'known' ? asked.answer.items : [];
  const earlier = items.filter(({ current }) => !current);
  const [chosen, setChosen] = useState<string>();
  const wanted = earlier.find(({ revision }) => String(revision) === chosen) ?? earlier[0];
  const current = items.find((revision) => revision.current);
  return (
    <ConfirmDialog
      title={strings.rollbackTitle(whatOf([target]))}
      effects={wanted ? [strings.rollbackHow] : []}
      verb={strings.rollback}
      tone="calm"
      size="wide"
      ready={wanted !== undefined}
      onConfirm={async () => void (await postAction('rollback', [target], { revision: wanted!.revision }))}
    >
      {asked.state === 'asking' && <p role="status">{strings.loading}</p>}
      {asked.state === 'failed' && <StatusWords status={asked.status} />}
      {asked.state === 'known' && !wanted && <p>{strings.noRevisions}</p>}
      {wanted && (
        <>
          <SelectField
            label={strings.rollbackTo}
            value={String(wanted.revision)}
            options={earlier.map((revision) => ({
              value: String(revision.revision),
              label: wordsOf(revision),
            }))}
            onChange={setChosen}
          />
          <TemplateDiff before={current} after={wanted} />
        </>
      )}
    </ConfirmDialog>
  );
}

function wordsOf({ revision, createdAt, changeCause, images }: Revision): string {
  const when = createdAt === undefined ? '' : `${formatAge(Date.now() - Date.parse(createdAt))} ago`;
  return [strings.revision(revision, when), changeCause ?? images.join(', ')].filter(Boolean).join(' · ');
}

function TemplateDiff(props: {
  readonly before: Revision | undefined;
  readonly after: Revision;
}): ReactElement {
  const { before, after } = props;
  const shown = useMemo(
    () => diffHunks(diffLines(yamlOf(before?.template), yamlOf(after.template))),
    [before, after],
  );
  const changes = shown.some((line) => line !== null && line.op !== ' ');
  return (
    <section className="template-diff" aria-label={strings.diffTitle}>
      <h3>{strings.diffTitle}</h3>
      {!changes && <p>{strings.noChange}</p>}
      {changes && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so Tab must reach it
        <pre tabIndex={0} aria-label={strings.diffTitle}>
          {shown.map((line, at) => (
            // oxlint-disable-next-line react/no-array-index-key -- lines have no other name, and the list is made anew as a whole
            <span key={at} className={line === null ? 'diff-gap' : DIFF_CLASS[line.op]}>
              {line === null ? '⋯' : `${line.op} ${line.text}`}
              {'\n'}
            </span>
          ))}
        </pre>
      )}
    </section>
  );
}

const DIFF_CLASS = { ' ': 'diff-same', '-': 'diff-old', '+': 'diff-new' } as const;

const yamlOf = (template: object | undefined): string =>
  template === undefined ? '' : writeYaml(template, { sortKeys: true });
