import { useState, type FormEvent, type ReactElement } from 'react';
import { SelectField } from '@krateyard/ui/forms/select-field.tsx';
import { TextField } from '@krateyard/ui/forms/text-field.tsx';
import { requestJson, statusOf } from '@krateyard/ui/live/api-client';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import { StatusWords } from '@krateyard/ui/parts/notice.tsx';
import { StatusMark } from '@krateyard/ui/parts/status-mark.tsx';
import type { KindRights, RightsAnswer, RightsQuestion } from '../../contract/rights-api.ts';
import { meStrings } from './me-strings.ts';
import { kindNamed } from './rights-rows.ts';

const VERBS = [
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
  'impersonate',
  'bind',
  'escalate',
  'use',
  'approve',
];

type Answer =
  | { readonly question: string; readonly answer: RightsAnswer }
  | { readonly question: string; readonly status: LiveStatus };

/** What stands in the fields. */
interface Draft {
  readonly verb: string;
  readonly kind: string;
  readonly subresource: string;
  /** Absent: that of the page. */
  readonly namespace?: string;
  readonly name: string;
}

interface QuestionProps {
  readonly kinds: readonly KindRights[];
  readonly namespaces: readonly string[];
  /** Of the page: where nothing else is chosen. */
  readonly namespace: string;
}

/** "Can I delete pods in shop?", answered by the API server with its reason. */
export function QuestionForm(props: QuestionProps): ReactElement {
  const [draft, setDraft] = useState<Draft>({ verb: 'delete', kind: 'pods', subresource: '', name: '' });
  const [answer, setAnswer] = useState<Answer>();
  const kind = kindNamed(props.kinds, draft.kind);
  const ask = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!kind) return;
    const asked = questionOf(draft, kind, props.namespace);
    const question = wordsOf(asked, kind.kind.namespaced);
    try {
      const told = await requestJson<RightsAnswer>('/api/rights/question', { method: 'POST', body: asked });
      setAnswer({ question, answer: told });
    } catch (error) {
      setAnswer({ question, status: statusOf(error) });
    }
  };
  return (
    <form className="question" onSubmit={(event) => void ask(event)} aria-label={meStrings.question}>
      <b aria-hidden="true">{meStrings.question}</b>
      <Fields {...props} draft={draft} kind={kind} onDraft={(change) => setDraft({ ...draft, ...change })} />
      <button type="submit" className="primary" disabled={!kind}>
        {meStrings.ask}
      </button>
      <div role="status" className="question-answer">
        {answer && <AnswerWords answer={answer} />}
      </div>
    </form>
  );
}

function Fields(
  props: QuestionProps & {
    readonly draft: Draft;
    readonly kind: KindRights | undefined;
    readonly onDraft: (change: Partial<Draft>) => void;
  },
): ReactElement {
  const { kinds, draft, kind, onDraft } = props;
  const namespace = draft.namespace ?? props.namespace;
  const namespaces = new Set([...props.namespaces, ...(namespace === '' ? [] : [namespace])]);
  const subresources = Object.keys(kind?.subresources ?? {});
  return (
    <>
      <SelectField
        label={meStrings.verb}
        value={draft.verb}
        options={VERBS.map((value) => ({ value, label: value }))}
        onChange={(verb) => onDraft({ verb })}
      />
      <TextField
        label={meStrings.kind}
        placeholder={meStrings.kindHint}
        value={draft.kind}
        onChange={(typed) => onDraft({ kind: typed })}
        options={kinds.map((one) => one.kind.path)}
        error={kinds.length > 0 && !kind ? meStrings.unknownKind : undefined}
        mono
      />
      {subresources.length > 0 && (
        <SelectField
          label={meStrings.subresource}
          value={subresources.includes(draft.subresource) ? draft.subresource : ''}
          options={['', ...subresources].map((value) => ({ value, label: value || meStrings.noSubresource }))}
          onChange={(subresource) => onDraft({ subresource })}
        />
      )}
      {kind?.kind.namespaced !== false && (
        <SelectField
          label={meStrings.in}
          value={namespace}
          options={['', ...namespaces].map((value) => ({ value, label: value || meStrings.everywhere }))}
          onChange={(chosen) => onDraft({ namespace: chosen })}
        />
      )}
      <TextField
        label={meStrings.name}
        placeholder={meStrings.nameHint}
        value={draft.name}
        onChange={(name) => onDraft({ name })}
        mono
      />
    </>
  );
}

function questionOf(draft: Draft, { kind, subresources }: KindRights, of: string): RightsQuestion {
  const { verb, subresource, name } = draft;
  const namespace = draft.namespace ?? of;
  return {
    verb,
    group: kind.group,
    resource: kind.resource,
    ...(Object.hasOwn(subresources, subresource) && { subresource }),
    ...(kind.namespaced && namespace !== '' && { namespace }),
    ...(name.trim() !== '' && { name: name.trim() }),
  };
}

function AnswerWords({ answer }: { readonly answer: Answer }): ReactElement {
  if ('status' in answer) return <StatusWords status={answer.status} />;
  const { allowed, reason } = answer.answer;
  return (
    <p data-allowed={allowed}>
      <StatusMark word={allowed ? 'Running' : 'Failed'} />
      <b>{allowed ? meStrings.yesTo(answer.question) : meStrings.noTo(answer.question)}</b>
      <span>{reason === '' ? meStrings.noReason : `${meStrings.reason} ${reason}`}</span>
    </p>
  );
}

function wordsOf(
  { verb, resource, subresource, namespace, name }: RightsQuestion,
  namespaced: boolean,
): string {
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  const within = namespace === undefined ? meStrings.inAll : meStrings.inNamespace(namespace);
  return meStrings.asked(verb, what, name ?? '', namespaced ? within : meStrings.inCluster);
}
