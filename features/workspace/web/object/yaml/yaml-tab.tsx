import { useEffect, useMemo, useRef, type ReactElement } from 'react';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { Notice, StatusWords } from '@krateyard/ui/parts/notice.tsx';
import { useKeys } from '@krateyard/ui/keys/use-keys';
import type { LiveHead } from '@krateyard/ui/live/live-source';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { formatClock } from '@krateyard/ui/words/format-time';
import { refusalOf } from '@krateyard/ui/rights/refusal-of';
import { useRights } from '@krateyard/ui/rights/use-rights';
import { copyQuoted } from '../copy-quoted.ts';
import { objectStrings } from '../object-strings.ts';
import { useNow } from '@krateyard/ui/parts/use-now';
import { ConflictView } from './conflict-view.tsx';
import { drafts, draftId } from '@krateyard/ui/drafts/drafts';
import { problemOf, readYaml, yamlOf } from './editable-object.ts';
import { EditorHost, type EditorControl } from '@krateyard/ui/editor/editor-host.tsx';
import { ReviewView } from './review-view.tsx';
import { useEdit } from './use-edit.ts';
import { useKindSchema } from './use-kind-schema.ts';
import { SchemaEditor } from './schema-editor.tsx';
import { yamlStrings as strings } from './yaml-strings.ts';
import './yaml.css';

interface YamlTabProps {
  readonly object: LiveObject;
  readonly kind: LiveHead['kind'];
  readonly edit: boolean;
  readonly onEdit: (edit: boolean) => void;
}

/** An object as YAML, to read and to change. */
export function YamlTab(props: YamlTabProps): ReactElement {
  return props.edit ? <YamlEdit {...props} /> : <YamlRead {...props} />;
}

const FOLDED = ['status'];

function YamlRead({ object, kind, onEdit }: YamlTabProps): ReactElement {
  const { name = '', namespace } = object.metadata;
  const text = useMemo(() => yamlOf(object), [object]);
  const needs = useMemo(
    () => [{ verb: 'patch', group: kind.group, resource: kind.resource, namespace, name }],
    [kind, namespace, name],
  );
  const [right] = useRights(needs);
  const refused = refusalOf(right);
  const now = useNow();
  const draft = drafts.read(draftId(kind.path, keyOf(object)));
  return (
    <div className="yaml-page">
      <div className="yaml-bar">
        <button
          type="button"
          className={draft ? 'primary' : undefined}
          disabled={refused !== undefined}
          title={refused}
          onClick={() => onEdit(true)}
        >
          {draft
            ? `${strings.edit} · ${strings.draftRestored(formatClock(draft.savedAt, now))}`
            : strings.edit}
          <kbd>e</kbd>
        </button>
        <button type="button" className="plain" onClick={() => copyQuoted(text)}>
          <Icon name="copy" />
          {strings.copy}
        </button>
        {refused !== undefined && <span className="absent">{strings.readOnlyRight}</span>}
      </div>
      <div className="yaml-text">
        <EditorHost label={strings.viewer} text={text} readOnly folded={FOLDED} />
      </div>
    </div>
  );
}

const keyOf = ({ metadata: { name = '', namespace } }: LiveObject): string =>
  namespace === undefined ? name : `${namespace}/${name}`;

function YamlEdit({ object, kind, onEdit }: YamlTabProps): ReactElement {
  const { name = '', namespace } = object.metadata;
  const control = useRef<EditorControl>(null);
  const schema = useKindSchema(kind.path);
  const secret = kind.group === '' && kind.resource === 'secrets';
  const edit = useEdit({
    kindPath: kind.path,
    namespace,
    name,
    secret,
    onText: (text) => control.current?.replace(text),
    onDone: () => onEdit(false),
  });
  const { state, session, kept } = edit;
  useUnloadWarning(kept !== 'stored');
  const typing = state.phase === 'typing' || state.phase === 'asking';
  useKeys([
    {
      keys: 'Escape',
      label: strings.stop,
      group: objectStrings.keys,
      run: () => (typing ? onEdit(false) : session.back()),
    },
  ]);
  if (state.phase === 'opening') return <p className="panel-wait">{objectStrings.loading}</p>;
  if (state.phase === 'unreadable') {
    return <Notice icon="lock" tone="warn" title={strings.readOnlyRight} status={state.status} />;
  }
  return (
    <div className="yaml-page">
      {typing && <EditBar edit={edit} secret={secret} onStop={() => onEdit(false)} />}
      {state.phase === 'typing' && <Problems state={state} kindPath={kind.path} />}
      {/* Hidden, not gone: undo and the place in the text are there when one comes back. */}
      <div className="yaml-text" hidden={!typing}>
        <SchemaEditor
          control={control}
          label={strings.editor}
          text={session.first.text}
          focused
          folded={FOLDED}
          schemaAt={() => schema}
          onChange={(text) => session.type(text)}
          lint={lint}
          keys={[{ key: 'Mod-s', run: () => void session.review() }]}
        />
      </div>
      {state.phase === 'review' && (
        <ReviewView
          review={state.review}
          saving={state.saving}
          status={state.status}
          onSave={() => void session.save()}
          onBack={() => session.back()}
        />
      )}
      {state.phase === 'conflict' && (
        <ConflictView
          conflict={state.conflict}
          onResolve={(sides) => void session.resolve(sides)}
          onBack={() => session.back()}
        />
      )}
    </div>
  );
}

function EditBar(props: {
  readonly edit: ReturnType<typeof useEdit>;
  readonly secret: boolean;
  readonly onStop: () => void;
}): ReactElement {
  const { edit, secret, onStop } = props;
  const { state, session, kept } = edit;
  const { first } = session;
  const now = useNow();
  const asking = state.phase === 'asking';
  const words = {
    stored: strings.draftKept,
    memory: strings.draftInMemory,
    'too-large': strings.draftUnkept,
  };
  return (
    <div className="yaml-bar">
      <button type="button" className="primary" disabled={asking} onClick={() => void session.review()}>
        {asking ? strings.reviewing : strings.review}
      </button>
      <button type="button" className="plain" onClick={onStop}>
        {strings.stop}
      </button>
      <button type="button" className="plain" onClick={() => session.discard()}>
        {strings.discard}
      </button>
      <span className="absent">
        {first.restored !== undefined && `${strings.draftRestored(formatClock(first.restored, now))} `}
        {words[secret ? 'memory' : kept]}. {strings.keysHint}.
      </span>
    </div>
  );
}

function Problems(props: {
  readonly state: Extract<ReturnType<typeof useEdit>['state'], { phase: 'typing' }>;
  readonly kindPath: string;
}): ReactElement | null {
  const { status, note, gone } = props.state;
  if (!status && note === undefined && !gone) return null;
  return (
    <div className="yaml-note" role="alert">
      {note}
      {gone && strings.gone}
      {status && (
        <>
          <b>{strings.refused}</b>
          <StatusWords status={status} />
        </>
      )}
    </div>
  );
}

function lint(text: string): readonly { readonly at: number; readonly problem: string }[] {
  try {
    const read = readYaml(text);
    return 'problem' in read ? [{ at: read.at ?? 0, problem: read.problem }] : [];
  } catch (error) {
    const { problem, at } = problemOf(error);
    return [{ at: at ?? 0, problem }];
  }
}

/** What is only in memory goes with the page: the browser asks before. */
function useUnloadWarning(active: boolean): void {
  useEffect(() => {
    if (!active) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [active]);
}
