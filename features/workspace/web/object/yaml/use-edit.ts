import { useEffect, useMemo, useState } from 'react';
import { useStore } from '@krateyard/ui/live/use-store';
import { toast } from '@krateyard/ui/parts/toasts';
import { DraftKeeper } from './draft-keeper.ts';
import { draftId, type Kept } from '@krateyard/ui/drafts/drafts';
import { EditSession, type EditPhase } from './edit-session.ts';
import { objectEditApi } from './object-edit-api.ts';
import { yamlStrings as strings } from './yaml-strings.ts';

export interface Edit {
  readonly state: EditPhase;
  readonly session: EditSession;
  /** How safe the draft is. */
  readonly kept: Kept;
}

/** One edit of one object while mounted. */
export function useEdit(options: {
  readonly kindPath: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly secret: boolean;
  readonly onText: (text: string) => void;
  readonly onDone: () => void;
}): Edit {
  const { kindPath, namespace, name, secret, onText, onDone } = options;
  const [kept, setKept] = useState<Kept>('stored');
  const session = useMemo(() => {
    const id = draftId(kindPath, namespace === undefined ? name : `${namespace}/${name}`);
    return new EditSession(
      objectEditApi(kindPath, namespace, name),
      id,
      new DraftKeeper(id, secret, setKept),
    );
  }, [kindPath, namespace, name, secret]);
  useEffect(() => {
    session.listen({
      onText,
      onDone: (saved) => {
        if (saved) toast('ok', strings.saved(name));
        onDone();
      },
    });
  });
  useEffect(() => {
    void session.open();
    return () => session.close();
  }, [session]);
  return { state: useStore(session.state), session, kept };
}
