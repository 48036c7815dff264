import { useState, type ReactElement } from 'react';
import { StatusMark } from '@krateyard/ui/parts/status-mark.tsx';
import type { StatusWord } from '@krateyard/ui/words/status-vocabulary';
import { ObjectLink } from '@krateyard/ui/parts/facts.tsx';
import { editable, yamlOf } from '../yaml/editable-object.ts';
import { yamlStrings as strings } from '../yaml/yaml-strings.ts';
import type { Step } from './create-run.ts';

/** What each document will do, or did; what can be done where it cannot be made. */
export function CreateSteps(props: {
  readonly steps: readonly Step[];
  readonly busy: boolean;
  readonly onApply: (index: number) => void;
  readonly onForce: (index: number) => void;
  readonly onCreate: () => void;
}): ReactElement {
  const { steps, busy, onApply, onForce, onCreate } = props;
  const ready = steps.length > 0 && steps.every(({ state }) => state.startsWith('will-'));
  return (
    <section className="create-steps" aria-label={strings.documents}>
      <h2>{strings.documents}</h2>
      {steps.length === 0 && <p className="absent">{strings.emptyDocument}</p>}
      <ol aria-live="polite">
        {steps.map((step, index) => (
          <li key={`${step.document.firstLine}`}>
            <StepLine step={step} />
            {step.state === 'exists' && (
              <button type="button" disabled={busy} onClick={() => onApply(index)}>
                {strings.applyInstead}
              </button>
            )}
            {step.state === 'owned' && (
              <button type="button" disabled={busy} onClick={() => onForce(index)}>
                {strings.force}
              </button>
            )}
          </li>
        ))}
      </ol>
      {ready && (
        <button type="button" className="primary" disabled={busy} onClick={onCreate}>
          {busy ? strings.saving : strings.createAll(steps.length)}
        </button>
      )}
    </section>
  );
}

const WORDS: Readonly<Record<Step['state'], readonly [word: StatusWord, text: string]>> = {
  'will-create': ['Pending', strings.willCreate],
  'will-apply': ['Pending', strings.willApply],
  'will-follow': ['Pending', strings.willFollow],
  created: ['Running', strings.created],
  applied: ['Running', strings.applied],
  exists: ['Unknown', strings.exists],
  owned: ['Unknown', strings.exists],
  failed: ['Failed', strings.failed],
};

function StepLine({ step }: { readonly step: Step }): ReactElement {
  const { document, kind, namespace, state, warnings } = step;
  const [word, text] = WORDS[state];
  const done = state === 'created' || state === 'applied';
  const name = done ? (step.result.metadata.name ?? document.name) : document.name;
  return (
    <>
      <p>
        <StatusMark word={word} />
        <span>
          {document.kind || '?'}{' '}
          {done && kind ? (
            <ObjectLink kind={kind.path} namespace={namespace} name={name} />
          ) : (
            <b dir="auto">{name || '?'}</b>
          )}
          {namespace !== undefined && <small className="absent"> {namespace}</small>}
        </span>{' '}
        <span className="absent">{text}</span>
      </p>
      {'status' in step && (
        <p className="create-why" dir="auto">
          {step.status.message}
        </p>
      )}
      {warnings.map((warning) => (
        <p key={warning} className="create-why tone-warn">
          {warning}
        </p>
      ))}
      {'result' in step && !done && <Result step={step} />}
    </>
  );
}

/** The object as the server would make it, with what it adds. */
function Result({ step }: { readonly step: Extract<Step, { result: unknown }> }): ReactElement {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{strings.diff}</summary>
      {open && <pre dir="auto">{yamlOf(editable(step.result))}</pre>}
    </details>
  );
}
