import { useState, type ReactElement } from 'react';
import { requestJson, statusOf } from '@krateyard/ui/live/api-client';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import { StatusWords } from '@krateyard/ui/parts/notice.tsx';
import type { DebugContainer, DebugRequest } from '../../contract/shell-protocol.ts';
import type { ShellAddress } from './shell-address.ts';
import { shellStrings as strings } from './shell-strings.ts';

const USUAL_IMAGE = 'busybox:1.37';

/** Adds an ephemeral container to the pod, waits until it runs, and opens a shell there. */
export function DebugOffer(props: {
  readonly address: ShellAddress;
  readonly onOpen: (address: ShellAddress) => void;
}): ReactElement {
  const { address, onOpen } = props;
  const [image, setImage] = useState(USUAL_IMAGE);
  const [waiting, setWaiting] = useState(false);
  const [failure, setFailure] = useState<LiveStatus>();
  const add = async (): Promise<void> => {
    setWaiting(true);
    setFailure(undefined);
    try {
      const { ns, pod } = address;
      onOpen({ ns, pod, container: await addDebugContainer(address, image) });
    } catch (error) {
      setFailure(statusOf(error));
    } finally {
      setWaiting(false);
    }
  };
  return (
    <form
      className="shell-debug"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <label>
        <span>{strings.debugImage}</span>
        <input
          value={image}
          required
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setImage(event.target.value)}
        />
      </label>
      <button type="submit" className="primary" disabled={waiting}>
        {waiting ? strings.debugWaiting : strings.debug}
      </button>
      {failure && <StatusWords status={failure} />}
    </form>
  );
}

/** Resolves when it runs. */
async function addDebugContainer({ ns, pod, container }: ShellAddress, image: string): Promise<string> {
  const path = `/api/resource/pods/${encodeURIComponent(pod)}/debug?ns=${encodeURIComponent(ns)}`;
  const body: DebugRequest = { image, ...(container !== undefined && { target: container }) };
  return (await requestJson<DebugContainer>(path, { method: 'POST', body })).container;
}
