import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import { useSearch, useSearchParams } from 'wouter';
import { Band } from '@krateyard/ui/parts/band.tsx';
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
import type { CreateForm } from './forms/form-spec.ts';
import { FormPane } from './forms/form-pane.tsx';
import { formStrings } from './forms/form-strings.ts';
import { beginningOf, createStart, skeletonOf, type CreateStart } from './create-start.ts';
import { hasSecret } from '../yaml/secret-values.ts';
import '../yaml/yaml.css';
import './create.css';

/** The draft of this page; `from` is that of an object whose text goes on here. */
export const CREATE_DRAFT = 'create';

/** New objects from YAML: several at once, a dry run first. `?ns=` is where objects without a namespace go, `?template=` what one begins from, `?kind=` the kind of an empty one. */
export function CreatePage(): ReactElement {
  const params = new URLSearchParams(useSearch());
  const [start] = useState(() =>
    createStart(
      { kind: params.get('kind'), template: params.get('template') },
      drafts.read(CREATE_DRAFT)?.text ?? '',
    ),
  );
  const [form, setForm] = useState(start.form);
  const [text, setText] = useState(start.text);
  const [shown, setShown] = useState(false);
  const [namespace, setNamespace] = useState(params.get('ns')?.split(',')[0] ?? '');
  const control = useRef<EditorControl>(null);
  const kinds = useKinds(true);
  const documents = useMemo(() => readDocuments(text), [text]);
  const secret = useMemo(() => hasSecret(text), [text]);
  const run = useRun(documents, namespace);
  const schemaAt = useSchemas(documents, kinds);
  usePage(run);
  const onChange = (next: string): void => {
    setText(next);
    run.forget();
    // A Secret's values must not be written to the browser's storage.
    drafts.write(CREATE_DRAFT, { text: next }, hasSecret(next));
  };
  const replace = (next: string): void => control.current?.replace(next);
  const [picked, setPicked] = useState(start.form !== undefined && !start.kept && params.has('kind'));
  const pick = (next: CreateForm | undefined): void => {
    setForm(next);
    setPicked(next !== undefined);
  };
  useForgottenStart();
  const kept = useKept({ start, kinds, pick, replace });
  return (
    <section className="create" aria-label={strings.createTitle} data-hidden={!shown || undefined}>
      <h1>{strings.createTitle}</h1>
      <p className="absent">{strings.createHint}</p>
      {kept}
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
              replace(beginningOf(next));
            }}
          />
        )}
        <div className="yaml-text">
          <SchemaEditor
            control={control}
            label={strings.editor}
            text={start.text}
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

/** What is of the page as a whole: its title and its key. */
function usePage(run: Run): void {
  useEffect(() => {
    document.title = strings.createPage;
  }, []);
  useKeys([
    { keys: 'Mod+s', label: strings.dryRun, group: strings.createTitle, whileTyping: true, run: run.dryRun },
  ]);
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

/** Begins with what was asked for, once that is known; where a draft stands in its place, what says so and leads to it. */
function useKept(parts: {
  readonly start: CreateStart;
  readonly kinds: readonly KindSummary[];
  readonly pick: (form: CreateForm | undefined) => void;
  readonly replace: (text: string) => void;
}): ReactElement | null {
  const { start, kinds, pick, replace } = parts;
  const [kept, setKept] = useState(start.kept);
  const form = start.asked?.form;
  const kind = kinds.find(({ path }) => path === start.asked?.kind);
  useSkeleton(start.kept ? undefined : kind, replace);
  const what = form?.title ?? kind?.kind;
  const beginAnew = (): void => {
    setKept(false);
    pick(form);
    if (form) replace(beginningOf(form));
    else if (kind) replace(skeletonOf(kind));
  };
  if (!kept) return null;
  const actions = (
    <>
      {what !== undefined && (
        <button type="button" onClick={beginAnew}>
          {strings.beginAnew(what)}
        </button>
      )}
      <button type="button" className="plain" onClick={() => setKept(false)}>
        {strings.goOn}
      </button>
    </>
  );
  return (
    <Band icon="edit" actions={actions}>
      {strings.typedBefore}
    </Band>
  );
}

const lint = (text: string): readonly { readonly at: number; readonly problem: string }[] =>
  readDocuments(text).flatMap(({ problem }) => (problem ? [{ at: problem.at, problem: problem.text }] : []));

/** Put in once the kind is known. */
function useSkeleton(kind: KindSummary | undefined, put: (text: string) => void): void {
  const done = useRef(false);
  useEffect(() => {
    if (!kind || done.current) return;
    done.current = true;
    put(skeletonOf(kind));
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
