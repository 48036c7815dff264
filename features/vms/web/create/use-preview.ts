import { useEffect, useMemo, useState } from 'react';
import { statusOf } from '@krateyard/ui/live/api-client';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import type { VmDryRun } from '../../contract/vm-create.ts';
import { dryRun } from './create-api.ts';
import { bodyOf, type CreateForm } from './create-form.ts';
import { createStrings as strings } from './create-strings.ts';
import { errorsOf, NO_ERRORS, type FieldErrors } from './field-errors.ts';
import { missingFields, type MissingField } from './missing-fields.ts';
import { unfitFields } from './unfit-fields.ts';

/** After the last change: one does not ask at every letter. */
const PAUSE_MS = 500;
/** After an answer that may be another a moment later: the gateway is away, KubeVirt is just coming. */
const RETRY_MS = 3_000;

export interface Preview {
  /** What was answered last to a form that could be read; kept while a later one cannot. */
  readonly answer: VmDryRun | undefined;
  /** Why the form as it is now cannot be made. */
  readonly refused: LiveStatus | undefined;
  readonly errors: FieldErrors;
  readonly checking: boolean;
  /** What must be filled in before the server is asked. */
  readonly missing: readonly MissingField[];
}

type Asked = Omit<Preview, 'missing'>;

const NOTHING: Asked = { answer: undefined, refused: undefined, errors: NO_ERRORS, checking: true };

/** Asks the server, a moment after each change, what would come of the form; of one that is not whole it says so itself. */
export function usePreview(form: CreateForm): Preview {
  const [asked, setAsked] = useState<Asked>(NOTHING);
  const missing = useMemo(() => missingFields(form), [form]);
  const body = useMemo(() => bodyOf(form), [form]);
  const key = missing.length === 0 ? JSON.stringify(body) : undefined;
  const { namespace } = form;
  useEffect(() => {
    setAsked(({ answer, refused, errors }) => ({ answer, refused, errors, checking: key !== undefined }));
    return key === undefined
      ? undefined
      : keepAsking(namespace.trim(), JSON.parse(key) as typeof body, setAsked);
  }, [namespace, key]);
  return useMemo(
    () =>
      missing.length === 0
        ? { ...asked, missing }
        : {
            answer: asked.answer,
            refused: undefined,
            errors: new Map([...unfitFields(form), ...emptyErrors(missing)]),
            checking: false,
            missing,
          },
    [asked, missing, form],
  );
}

/** The result ends it. */
function keepAsking(
  namespace: string,
  body: ReturnType<typeof bodyOf>,
  tell: (next: (before: Asked) => Asked) => void,
): () => void {
  const stop = new AbortController();
  let timer: ReturnType<typeof setTimeout>;
  const ask = async (): Promise<void> => {
    try {
      const answer = await dryRun(namespace, body, stop.signal);
      const refused = refusalOf(answer);
      tell((before) => ({
        answer: answer.refused ? before.answer : answer,
        refused,
        errors: errorsOf(refused),
        checking: false,
      }));
    } catch (error) {
      if (stop.signal.aborted) return;
      const refused = statusOf(error);
      tell(({ answer }) => ({ answer, refused, errors: errorsOf(refused), checking: false }));
      if (refused.code === 0 || refused.code >= 500) askIn(RETRY_MS * (0.75 + Math.random() / 2));
    }
  };
  const askIn = (ms: number): void => {
    timer = setTimeout(() => void ask(), ms);
  };
  askIn(PAUSE_MS);
  return () => {
    clearTimeout(timer);
    stop.abort();
  };
}

const emptyErrors = (missing: readonly MissingField[]): FieldErrors =>
  new Map(missing.map(({ field }) => [field, strings.isMissing]));

/** Why nothing can be planned, else the first object that the API server would not take. */
const refusalOf = ({ refused, objects }: VmDryRun): LiveStatus | undefined =>
  (refused ?? objects.find(({ accepted }) => !accepted)?.status) as LiveStatus | undefined;
