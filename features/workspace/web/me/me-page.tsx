import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useSearchParams } from 'wouter';
import { Checkbox } from '@krateyard/ui/forms/checkbox.tsx';
import { useKeys } from '@krateyard/ui/keys/use-keys';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { Picker } from '@krateyard/ui/parts/picker.tsx';
import { strings as uiStrings } from '@krateyard/ui/strings';
import type { ClusterInfo } from '../../contract/resource-api.ts';
import type { Rights } from '../../contract/rights-api.ts';
import { meStrings } from './me-strings.ts';
import { QuestionForm } from './question-form.tsx';
import { RightsMatrix } from './rights-matrix.tsx';
import { shownRows } from './rights-rows.ts';
import { useAsked } from '@krateyard/ui/live/use-asked';
import '@krateyard/ui/page/plain-page.css';
import './me.css';

/** What this person may do: one question, and everything by kind, in a namespace or everywhere. The address restores it. */
export function MePage(): ReactElement {
  const [params] = useSearchParams();
  const namespace = params.get('in') ?? '';
  const [again, setAgain] = useState(0);
  const cluster = useAsked<ClusterInfo>('/api/cluster', { again });
  const rights = useAsked<Rights>(
    namespace === '' ? '/api/rights' : `/api/rights?namespace=${encodeURIComponent(namespace)}`,
    { again, keeps: true },
  );
  useEffect(() => {
    document.title = meStrings.page;
  }, []);
  const info = cluster.answer;
  const known = rights.answer;
  return (
    <div className="me plain-page">
      <header>
        <h1>{meStrings.title}</h1>
        {info && (
          <p>
            {meStrings.you(info.user.username)}
            {info.user.groups.length > 0 && `, ${meStrings.groups(info.user.groups)}`}
          </p>
        )}
      </header>
      <QuestionForm kinds={known?.items ?? []} namespaces={info?.namespaces ?? []} namespace={namespace} />
      {rights.state === 'failed' ? (
        <Notice
          icon="key"
          tone="bad"
          title={meStrings.failedTitle}
          status={rights.status}
          actions={
            <button type="button" onClick={() => setAgain(again + 1)}>
              {uiStrings.tryAgain}
            </button>
          }
        />
      ) : (
        <Matrix
          rights={known}
          asking={rights.state === 'asking'}
          namespace={namespace}
          namespaces={info?.namespaces ?? []}
        />
      )}
    </div>
  );
}

function Matrix(props: {
  readonly rights: Rights | undefined;
  readonly asking: boolean;
  readonly namespace: string;
  readonly namespaces: readonly string[];
}): ReactElement {
  const { rights, asking, namespace, namespaces } = props;
  const [params, setParams] = useSearchParams();
  const typed = params.get('q') ?? '';
  const all = params.get('all') === '1';
  const search = useRef<HTMLInputElement>(null);
  const put = (name: string, value: string): void =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (value === '') after.delete(name);
        else after.set(name, value);
        return after;
      },
      { replace: name === 'q' },
    );
  useKeys([
    { keys: '/', label: meStrings.focusSearch, group: meStrings.keys, run: () => search.current?.focus() },
  ]);
  const rows = shownRows(rights?.items ?? [], typed, all);
  const where = namespace === '' ? meStrings.inAll : meStrings.inNamespace(namespace);
  return (
    <section aria-label={meStrings.matrix} className="me-matrix" aria-busy={asking}>
      <div className="me-bar">
        <NamespaceChoice namespace={namespace} namespaces={namespaces} onPick={(value) => put('in', value)} />
        <span className="me-search">
          <Icon name="search" />
          <input
            ref={search}
            type="search"
            aria-label={meStrings.search}
            placeholder={meStrings.search}
            value={typed}
            onChange={(event) => put('q', event.target.value)}
          />
        </span>
        <Checkbox label={meStrings.all} checked={all} onChange={(on) => put('all', on ? '1' : '')} />
        {rights && (
          <span className="me-count" role="status">
            {meStrings.count(rows.length, rights.items.length)}
          </span>
        )}
      </div>
      {rights?.incomplete && <p className="me-incomplete">{rights.message ?? meStrings.incomplete}</p>}
      {!rights && <p className="me-loading">{meStrings.loading}</p>}
      {rights && rows.length === 0 && typed === '' && (
        <Notice icon="lock" title={meStrings.emptyTitle}>
          <p>{meStrings.empty(where)}</p>
        </Notice>
      )}
      {rights && rows.length === 0 && typed !== '' && <p className="me-loading">{meStrings.noMatch}</p>}
      {rows.length > 0 && <RightsMatrix rows={rows} label={`${meStrings.matrix}, ${where}`} />}
    </section>
  );
}

function NamespaceChoice(props: {
  readonly namespace: string;
  readonly namespaces: readonly string[];
  readonly onPick: (namespace: string) => void;
}): ReactElement {
  const { namespace, namespaces, onPick } = props;
  const [open, setOpen] = useState(false);
  const names = [...new Set([...namespaces, ...(namespace === '' ? [] : [namespace])])].toSorted();
  return (
    <Picker
      label={meStrings.where}
      face={<span className="clip">{namespace === '' ? meStrings.everywhere : namespace}</span>}
      items={[{ value: '', label: meStrings.everywhere }, ...names.map((value) => ({ value, label: value }))]}
      chosen={new Set([namespace])}
      onPick={onPick}
      open={open}
      onOpenChange={setOpen}
      className="me-where"
    />
  );
}
