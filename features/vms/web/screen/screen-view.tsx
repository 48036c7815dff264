import { useEffect, useRef, useState, type ReactElement, type ReactNode, type RefObject } from 'react';
import { openDialog } from '@krateyard/ui/dialogs/dialogs';
import { useStore } from '@krateyard/ui/live/use-store';
import { Band } from '@krateyard/ui/parts/band.tsx';
import { useMedia } from '@krateyard/ui/look/use-media';
import { announce } from '@krateyard/ui/parts/announce';
import { toast } from '@krateyard/ui/parts/toasts';
import type { ScreenState as MachineState } from '../../contract/screen-protocol.ts';
import { PasteDialog } from './paste-dialog.tsx';
import type { Picture } from './picture.ts';
import type { ScreenAddress } from './screen-address.ts';
import { ScreenBar } from './screen-bar.tsx';
import { screenSettings } from './screen-settings.ts';
import { controls, type ScreenSnapshot } from './screen-snapshot.ts';
import { ScreenState } from './screen-state.tsx';
import { screenStrings as strings } from './screen-strings.ts';
import { TouchKeys } from './touch-keys.tsx';
import { useFullScreen } from './use-full-screen.ts';
import { useLook, useScreen } from './use-screen.ts';
import { useTyping } from './use-typing.ts';
import './screen.css';

/** Leads out of the screen, where every other key belongs to the machine. The terminal's is the same. */
const LEAVE_KEY = 'Ctrl F6';
const FINGERS = '(pointer: coarse)';

export interface ScreenViewProps {
  readonly address: ScreenAddress;
  readonly title: ReactNode;
  readonly shown: boolean;
  /** Keys go to the machine as soon as it can be controlled; else only after a click. */
  readonly takesFocus: boolean;
  /** `f` is this view's own; in the tray it is the tray's. */
  readonly ownsFull: boolean;
  readonly onSnapshot?: (snapshot: ScreenSnapshot) => void;
}

/** One machine's screen: its bar, its picture, and what stands over it while there is something to say. */
export function ScreenView(props: ScreenViewProps): ReactElement {
  const { address, shown, takesFocus } = props;
  const root = useRef<HTMLElement>(null);
  const [size, setSize] = useState('');
  const [looking, setLooking] = useState(false);
  const [fromMachine, setFromMachine] = useState<string>();
  const { full, toggle } = useFullScreen(root, props.ownsFull);
  const { stage, snapshot, client, picture, failed, again } = useScreen(address, shown, {
    onSize: ({ width, height }) => setSize(strings.size(width, height)),
    onClipboard: setFromMachine,
    onLeave: () => root.current?.focus(),
  });
  const may = controls(snapshot) && !looking;
  const drawn = snapshot.pixels === 'drawn';
  const fingers = useMedia(FINGERS);
  useLook(picture, {
    scaling: useStore(screenSettings).scaling,
    viewOnly: !may,
    drags: fingers,
    label: may ? strings.label(address.name, size, LEAVE_KEY) : strings.labelLooking(address.name, size),
  });
  const typing = useTyping(picture, may);
  useFocus(picture, shown && takesFocus && may && drawn);
  useTold(snapshot, props.onSnapshot);
  useKept(picture, drawn);
  const paste = (): void =>
    void openDialog(() => (
      <PasteDialog
        name={address.name}
        fromMachine={fromMachine}
        onClipboard={(text) => picture?.setClipboard(text)}
        onType={typing.type}
      />
    ));
  return (
    <section ref={root} className="screen" aria-label={`${strings.bar} ${address.name}`} tabIndex={-1}>
      <ScreenBar
        {...{ address, snapshot, client, picture, shown, looking, full }}
        title={props.title}
        onLooking={setLooking}
        onPaste={paste}
        onSave={() => void savePicture(picture, address.name)}
        onFull={toggle}
      />
      <ScreenState {...{ address, snapshot, client, failed }} onAgain={again} />
      {typing.left > 0 && <TypingBand left={typing.left} onStop={typing.stop} />}
      <Stage
        stage={stage}
        hints={may && drawn && !fingers}
        old={OLD.has(snapshot.machine?.state ?? 'live')}
        hidden={snapshot.phase.phase === 'refused'}
      />
      {fingers && picture && may && drawn && <TouchKeys picture={picture} />}
    </section>
  );
}

const OLD: ReadonlySet<MachineState> = new Set(['migrating', 'restarting', 'stopped', 'unavailable']);

function Stage(props: {
  readonly stage: RefObject<HTMLDivElement | null>;
  readonly hints: boolean;
  /** The picture is of a time that is over. */
  readonly old: boolean;
  readonly hidden: boolean;
}): ReactElement {
  const [inside, setInside] = useState(false);
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- only told where the focus is
    <div
      className="screen-place"
      hidden={props.hidden}
      onFocus={() => setInside(true)}
      onBlur={() => setInside(false)}
    >
      <div ref={props.stage} className="screen-stage" data-old={props.old || undefined} />
      {inside && props.hints && <LeaveHint />}
    </div>
  );
}

const HINT_MS = 4000;

/** Told once after the focus has come in: whoever uses only keys must know the way out. */
function LeaveHint(): ReactElement {
  const [shown, setShown] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setShown(false), HINT_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p role="status" className={shown ? 'screen-hint' : 'only-spoken'}>
      {strings.leaveHint(LEAVE_KEY)}
    </p>
  );
}

function TypingBand(props: { readonly left: number; readonly onStop: () => void }): ReactElement {
  return (
    <Band
      quiet
      data-band="typing"
      actions={
        <button type="button" onClick={props.onStop}>
          {strings.typingStop}
        </button>
      }
    >
      {strings.typing(props.left)}
    </Band>
  );
}

/** Once, when it becomes possible; after that the person decides where the focus is. */
function useFocus(picture: Picture | undefined, may: boolean): void {
  const done = useRef(false);
  useEffect(() => {
    if (!may || done.current || !picture) return;
    done.current = true;
    picture.focus();
  }, [picture, may]);
}

/** A machine that cannot take the size of the window is fitted into it, and the person told why. */
function useKept(picture: Picture | undefined, drawn: boolean): void {
  const { scaling } = useStore(screenSettings);
  const told = useRef(false);
  useEffect(() => {
    if (scaling !== 'remote' || !drawn || !picture || told.current) return undefined;
    const timer = setTimeout(() => {
      told.current = true;
      if (!picture.resizable) toast('warn', strings.keepsSize);
    }, RESIZE_MS);
    return () => clearTimeout(timer);
  }, [picture, drawn, scaling]);
}

/** So long after the first picture guests that follow have done so: the machine's driver sets the mode a moment after it is told. */
const RESIZE_MS = 3000;

/** What was refused, and who wants something, is told where it is seen and heard. */
function useTold(snapshot: ScreenSnapshot, onSnapshot: ScreenViewProps['onSnapshot']): void {
  const { complaint, phase, machine } = snapshot;
  const latest = useRef(onSnapshot);
  useEffect(() => {
    latest.current = onSnapshot;
  });
  useEffect(() => latest.current?.(snapshot), [snapshot]);
  useEffect(() => {
    if (complaint) toast('warn', complaint.status.message);
  }, [complaint]);
  const mine = phase.phase === 'live' ? controls(snapshot) : undefined;
  useEffect(() => {
    if (mine !== undefined) announce(mine ? strings.youControl : strings.viewOnly);
  }, [mine]);
  const state = machine?.state;
  useEffect(() => {
    if (state !== undefined && state !== 'live') announce(strings.stateTitles[state]);
  }, [state]);
}

async function savePicture(picture: Picture | undefined, name: string): Promise<void> {
  const blob = await picture?.blob();
  if (!blob) return toast('warn', strings.noPicture);
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name}-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.png`;
  link.click();
  // The download has its own hold on it a moment later.
  setTimeout(() => URL.revokeObjectURL(url), RESIZE_MS);
}
