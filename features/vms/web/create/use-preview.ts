import { useEffect, useState } from 'react';
import { statusOf } from '@krateyard/ui/live/api-client';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import type { VmCreateRequest, VmDryRun } from '../../contract/vm-create.ts';
import { dryRun } from './create-api.ts';
import { errorsOf, NO_ERRORS, type FieldErrors } from './field-errors.ts';

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
}

/** Asks the server, a moment after each change, what would come of the form. */
export function usePreview(namespace: string, body: VmCreateRequest): Preview {
  const [preview, setPreview] = useState<Preview>({
    answer: undefined,
    refused: undefined,
    errors: NO_ERRORS,
    checking: true,
  });
  const key = JSON.stringify(body);
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const ask = async (): Promise<void> => {
      try {
        const answer = await dryRun(namespace, JSON.parse(key) as VmCreateRequest, stop.signal);
        const refused = refusalOf(answer);
        setPreview({ answer, refused, errors: errorsOf(refused), checking: false });
      } catch (error) {
        if (stop.signal.aborted) return;
        const refused = statusOf(error);
        setPreview(({ answer }) => ({ answer, refused, errors: errorsOf(refused), checking: false }));
        if (refused.code === 0 || refused.code >= 500) askIn(RETRY_MS * (0.75 + Math.random() / 2));
      }
    };
    const askIn = (ms: number): void => {
      timer = setTimeout(() => void ask(), ms);
    };
    setPreview((before) => ({ ...before, checking: true }));
    askIn(PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [namespace, key]);
  return preview;
}

/** The first object that the API server would not take. */
const refusalOf = ({ objects }: VmDryRun): LiveStatus | undefined =>
  objects.find(({ accepted }) => !accepted)?.status as LiveStatus | undefined;
