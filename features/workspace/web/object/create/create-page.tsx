import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import { useSearch, useSearchParams } from 'wouter';
import { formatGroupVersion } from '@krateyard/kube/meta/group-version';
import { Checkbox } from '@krateyard/ui/forms/checkbox.tsx';
import { useKeys } from '@krateyard/ui/keys/use-keys';
import { requestJson } from '@krateyard/ui/live/api-client';
import type { KindSchema } from '../../../contract/kind-schema.ts';
import type { ClusterInfo, KindList, KindSummary } from '../../../contract/resource-api.ts';
import { servedKind } from '../../served-kind.ts';
import { useKinds } from '../../use-kinds.ts';
import { drafts } from '@krateyard/ui/drafts/drafts';
import type { EditorControl } from '@krateyard/ui/editor/editor-host.tsx';
import { useKindSchema } from '../yaml/use-kind-schema.ts';
import { SchemaEditor } from '../yaml/schema-editor.tsx';
import { yamlStrings as strings } from '../yaml/yaml-strings.ts';
import { BeginPane } from './begin-pane.tsx';
import { createApi, runDocuments, type Step, type Ways } from './create-run.ts';
import { CreateSteps } from './create-steps.tsx';
import { readDocuments, type Document } from './documents.ts';
import { firstValues, type CreateForm } from './forms/form-spec.ts';
import { FormPane } from './forms/form-pane.tsx';
import { formStrings } from './forms/form-strings.ts';
import { formText } from './forms/form-text.ts';
import { formOfKind, FORMS } from './forms-by-kind.ts';
import { hasSecret } from '../yaml/secret-values.ts';
import '../yaml/yaml.css';
import './create.css';

/** The draft of this page; `from` is that of an object whose text goes on here. */
export const CREATE_DRAFT = 'create';

/** New objects from YAML: several at once, a dry run first. `?ns=` is where objects without a namespace go, `?template=` what one begins from, `?kind=` the kind of an empty one. */
export function CreatePage(): ReactElement {
  const params = new URLSearchParams(useSearch());
  const [start] = useState(() => startOf(params));
  const [form, setForm] = useState(start.form);
  const [first] = useState(() => (start.form ? textOf(start.form) : (drafts.read(CREATE_DRAFT)?.text ?? '')));
  const [text, setText] = useState(first);
  const [shown, setShown] = useState(false);
  const [namespace, setNamespace] = useState(params.get('ns')?.split(',')[0] ?? '');
  const control = useRef<EditorControl>(null);
  const kinds = useKinds(true);
  const documents = useMemo(() => readDocuments(text), [text]);
  const secret = useMemo(() => hasSecret(text), [text]);
  const run = useRun(documents, namespace);
  const schemaAt = useSchemas(documents, kinds);
  useEffect(() => {
    document.title = strings.createPage;
  }, []);
  useKeys([
    { keys: 'Mod+s', label: strings.dryRun, group: strings.createTitle, whileTyping: true, run: run.dryRun },
  ]);
  const onChange = (next: string): void => {
    setText(next);
    run.forget();
    // A Secret's values must not be written to the browser's storage.
    drafts.write(CREATE_DRAFT, { text: next }, hasSecret(next));
  };
  const replace = (next: string): void => control.current?.replace(next);
  const [picked, setPicked] = useState(start.form !== undefined && params.has('kind'));
  const pick = (next: CreateForm | undefined): void => {
    setForm(next);
    setPicked(next !== undefined);
  };
  useForgottenStart();
  useSkeleton(start.form ? undefined : start.kind, kinds, replace);
  return (
    <section className="create" aria-label={strings.createTitle} data-hidden={!shown || undefined}>
      <h1>{strings.createTitle}</h1>
      <p className="absent">{strings.createHint}</p>
      <CreateBar {...{ namespace, secret, shown, run }} onNamespace={setNamespace} onShown={setShown} />
      <div className="create-parts">
        {form ? (
          <FormPane
            key={form.id}
            {...{ form, text, documents, kinds }}
            {...{ editor: control, steps: run.steps, focused: picked, onForm: pick }}
          />
        ) : (
          <BeginPane
            documents={documents}
            onForm={pick}
            onBegin={(next) => {
              pick(next);
              replace(textOf(next));
            }}
          />
        )}
        <div className="yaml-text">
          <SchemaEditor
            control={control}
            label={strings.editor}
            text={first}
            focused={!picked}
            masked
            schemaAt={schemaAt}
            onChange={onChange}
            lint={lint}
            keys={[{ key: 'Mod-s', run: run.dryRun }]}
          />
        </div>
        {run.steps && (
          <CreateSteps
            {...{ steps: run.steps, busy: run.busy }}
            onApply={run.apply}
            onForce={run.force}
            onCreate={run.create}
          />
        )}
      </div>
    </section>
  );
}

function CreateBar(props: {
  readonly namespace: string;
  readonly onNamespace: (namespace: string) => void;
  /** A Secret stands in the text: its values show only when somebody wants to see them. */
  readonly secret: boolean;
  readonly shown: boolean;
  readonly onShown: (shown: boolean) => void;
  readonly run: Run;
}): ReactElement {
  const { namespace, onNamespace, secret, shown, onShown, run } = props;
  return (
    <div className="yaml-bar">
      <NamespaceField value={namespace} onChange={onNamespace} />
      <button type="button" className="primary" disabled={run.busy} onClick={run.dryRun}>
        {run.busy ? strings.reviewing : strings.dryRun}
      </button>
      {secret && <Checkbox label={formStrings.showValues} checked={shown} onChange={onShown} />}
    </div>
  );
}

function startOf(params: URLSearchParams): {
  readonly form: CreateForm | undefined;
  readonly kind?: string;
} {
  const kind = params.get('kind') ?? undefined;
  const form = kind === undefined ? FORMS.find(({ id }) => id === params.get('template')) : formOfKind(kind);
  return { form, ...(kind !== undefined && { kind }) };
}

const textOf = (form: CreateForm): string => formText(form, firstValues(form));

const lint = (text: string): readonly { readonly at: number; readonly problem: string }[] =>
  readDocuments(text).flatMap(({ problem }) => (problem ? [{ at: problem.at, problem: problem.text }] : []));

/** What every object of a kind begins with, where nothing else does; put in once the kind is known. */
function useSkeleton(
  path: string | undefined,
  kinds: readonly KindSummary[],
  put: (text: string) => void,
): void {
  const known = kinds.find((kind) => kind.path === path);
  const done = useRef(false);
  useEffect(() => {
    if (!known || done.current) return;
    done.current = true;
    put(`apiVersion: ${formatGroupVersion(known)}\nkind: ${known.kind}\nmetadata:\n  name: \n`);
  });
}

/** What is typed is not to be replaced by what it began with when the page is loaded again. */
function useForgottenStart(): void {
  const [, setParams] = useSearchParams();
  useEffect(() => {
    setParams(
      (before) => {
        before.delete('kind');
        return before;
      },
      { replace: true },
    );
    // oxlint-disable-next-line react/exhaustive-deps -- once
  }, []);
}

function NamespaceField(props: {
  readonly value: string;
  readonly onChange: (value: string) => void;
}): ReactElement {
  const [known, setKnown] = useState<readonly string[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    requestJson<ClusterInfo>('/api/cluster', { signal: stop.signal })
      .then(({ namespaces }) => setKnown(namespaces ?? []))
      .catch(() => {
        // One can type it.
      });
    return () => stop.abort();
  }, []);
  return (
    <label>
      {strings.namespaceHint}{' '}
      <input
        list="create-namespaces"
        value={props.value}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => props.onChange(event.target.value)}
      />
      <datalist id="create-namespaces">
        {known.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </datalist>
    </label>
  );
}

interface Run {
  readonly steps: readonly Step[] | undefined;
  readonly busy: boolean;
  readonly dryRun: () => void;
  readonly apply: (index: number) => void;
  readonly force: (index: number) => void;
  readonly create: () => void;
  readonly forget: () => void;
}

function useRun(documents: readonly Document[], namespace: string): Run {
  const [steps, setSteps] = useState<readonly Step[]>();
  const [busy, setBusy] = useState(false);
  const [ways, setWays] = useState<Ways>(new Map());
  const start = async (chosen: Ways, dryRun: boolean): Promise<void> => {
    setBusy(true);
    const kinds = await servedKinds();
    const options = { kinds, namespace: namespace === '' ? undefined : namespace, ways: chosen, dryRun };
    const done = await runDocuments(createApi, documents, options);
    setSteps(done);
    setBusy(false);
    const made = done.every(({ state }) => state === 'created' || state === 'applied');
    if (!dryRun && made) drafts.forget(CREATE_DRAFT);
  };
  const go = (index: number, way: 'apply' | 'force'): void => {
    const next = new Map([...ways, [index, way] as const]);
    setWays(next);
    void start(next, true);
  };
  return {
    steps,
    busy,
    dryRun: () => void start(ways, true),
    apply: (index) => go(index, 'apply'),
    force: (index) => go(index, 'force'),
    create: () => void start(ways, false),
    forget: () => {
      setSteps(undefined);
      setWays(new Map());
    },
  };
}

/** Asked at each run: what the last one made may be a kind. Without an answer each document says that it is not known. */
async function servedKinds(): Promise<readonly KindSummary[]> {
  try {
    return (await requestJson<KindList>('/api/resources')).items;
  } catch {
    return [];
  }
}

/** The schema of the document that a line is in: that of the last one asked for, so that a long text asks for few. */
function useSchemas(
  documents: readonly Document[],
  kinds: readonly KindSummary[],
): (line: number) => KindSchema | undefined {
  const [at, setAt] = useState(1);
  const here = documents.find(({ firstLine, lastLine }) => firstLine <= at && at <= lastLine) ?? documents[0];
  const schema = useKindSchema(servedKind(kinds, here)?.path);
  return (line) => {
    const inside = here !== undefined && here.firstLine <= line && line <= here.lastLine;
    if (!inside) queueMicrotask(() => setAt(line));
    return inside ? schema : undefined;
  };
}
