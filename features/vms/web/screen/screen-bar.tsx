import { useEffect, useState, type ReactElement, type ReactNode } from 'react';
import { useStore } from '@krateyard/ui/live/use-store';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { IconButton } from '@krateyard/ui/parts/icon-button.tsx';
import { MenuButton, type MenuItem } from '@krateyard/ui/parts/menu.tsx';
import { PhaseMark } from '@krateyard/ui/parts/phase-mark.tsx';
import { comboStrokes, CTRL_ALT_DEL, KEY_COMBOS } from './key-combos.ts';
import type { Picture } from './picture.ts';
import type { ScreenAddress } from './screen-address.ts';
import type { ScreenClient } from './screen-client.ts';
import { ControlFace, ScreenPeople } from './screen-people.tsx';
import { changeScreenSettings, screenSettings, type Scaling } from './screen-settings.ts';
import { controls, me, type ScreenSnapshot } from './screen-snapshot.ts';
import { screenStrings as strings } from './screen-strings.ts';
import { ShareMenu } from './share-menu.tsx';
import '@krateyard/ui/parts/session-bar.css';

export interface ScreenBarProps {
  readonly address: ScreenAddress;
  readonly title: ReactNode;
  readonly snapshot: ScreenSnapshot;
  readonly client: ScreenClient | undefined;
  readonly picture: Picture | undefined;
  readonly shown: boolean;
  /** The person keeps keys and pointer here. */
  readonly looking: boolean;
  readonly onLooking: (looking: boolean) => void;
  readonly onPaste: () => void;
  readonly onSave: () => void;
  readonly full: boolean;
  readonly onFull: () => void;
}

/** Above the picture: how it stands, who controls, and everything that can be done. */
export function ScreenBar(props: ScreenBarProps): ReactElement {
  const { address, snapshot, client, picture, title } = props;
  const live = snapshot.phase.phase === 'live';
  return (
    <header className="session-bar screen-bar" aria-label={strings.bar}>
      <Phase snapshot={snapshot} />
      <strong className="clip" dir="auto">
        {title}
      </strong>
      {live && client && <ControlFace snapshot={snapshot} client={client} />}
      {snapshot.phase.phase !== 'refused' && (
        <div className="screen-tools" role="toolbar" aria-label={strings.bar}>
          {live && picture && <Quality snapshot={snapshot} picture={picture} shown={props.shown} />}
          <Tools {...props} />
          {live && client && <ScreenPeople snapshot={snapshot} client={client} />}
          <ShareMenu address={address} />
          <IconButton
            icon="expand"
            label={props.full ? strings.notFull : strings.full}
            title={`${props.full ? strings.notFull : strings.full} (f)`}
            pressed={props.full}
            onPress={props.onFull}
          />
        </div>
      )}
    </header>
  );
}

function Tools(props: ScreenBarProps): ReactElement {
  const { snapshot, picture, looking } = props;
  const { scaling } = useStore(screenSettings);
  const denied = controls(snapshot) && !looking ? undefined : strings.needsControl;
  const drawn = snapshot.pixels === 'drawn';
  return (
    <>
      <MenuButton
        label={strings.keys}
        face={
          <>
            <Icon name="keyboard" />
            <span className="screen-word">{strings.keys}</span>
          </>
        }
        className="plain"
        items={() => comboItems(picture, drawn ? denied : strings.noPicture)}
      />
      <Tool
        icon="copy"
        label={strings.paste}
        denied={drawn ? denied : strings.noPicture}
        onClick={props.onPaste}
      />
      <MenuButton
        label={strings.display}
        face={
          <>
            <Icon name="screen" />
            <span className="only-spoken">{strings.display}</span>
          </>
        }
        className="plain square"
        items={() => scalingItems(scaling)}
      />
      <button
        type="button"
        className="plain screen-only-look"
        aria-pressed={looking}
        title={me(snapshot)?.viewOnly ? strings.viewOnlyRight : strings.onlyLookingHint}
        onClick={() => props.onLooking(!looking)}
      >
        <Icon name="lock" />
        <span className="screen-word">{strings.onlyLooking}</span>
      </button>
      <Tool icon="download" label={strings.screenshot} onClick={props.onSave} />
    </>
  );
}

function Tool(props: {
  readonly icon: 'copy' | 'download';
  readonly label: string;
  readonly denied?: string | undefined;
  readonly onClick: () => void;
}): ReactElement {
  const { icon, label, denied, onClick } = props;
  return (
    <IconButton
      icon={icon}
      label={label}
      title={denied === undefined ? label : `${label}: ${denied}`}
      disabled={denied !== undefined}
      onPress={onClick}
    />
  );
}

function comboItems(picture: Picture | undefined, denied: string | undefined): readonly MenuItem[] {
  return KEY_COMBOS.map((combo) => ({
    id: combo.id,
    group: combo.group,
    label: [combo.id, strings.comboHint[combo.id]].filter(Boolean).join(': '),
    ...(combo === CTRL_ALT_DEL && { icon: 'keyboard' as const }),
    disabled: denied,
    run: () => {
      picture?.press(comboStrokes(combo.keys));
      picture?.focus();
    },
  }));
}

const scalingItems = (now: Scaling): readonly MenuItem[] =>
  (Object.keys(strings.scaling) as Scaling[]).map((scaling) => ({
    id: scaling,
    label: strings.scaling[scaling],
    checked: now === scaling,
    run: () => changeScreenSettings({ scaling }),
  }));

/** What stands beside the mark: the machine's state, once one is connected. */
function Phase({ snapshot: { phase, machine } }: { readonly snapshot: ScreenSnapshot }): ReactElement {
  if (phase.phase !== 'live') return <PhaseMark phase={phase.phase} />;
  const state = machine?.state ?? 'connecting';
  const tone = state === 'live' ? 'ok' : state === 'stopped' ? 'off' : 'warn';
  return <PhaseMark phase="live" instead={{ state, tone, word: strings.states[state] }} />;
}

const COUNT_MS = 1000;

function Quality(props: {
  readonly snapshot: ScreenSnapshot;
  readonly picture: Picture;
  readonly shown: boolean;
}): ReactElement {
  const { snapshot, picture, shown } = props;
  const [rate, setRate] = useState(0);
  useEffect(() => {
    if (!shown) return undefined;
    let before = picture.frames;
    const timer = setInterval(() => {
      setRate(picture.frames - before);
      before = picture.frames;
    }, COUNT_MS);
    return () => clearInterval(timer);
  }, [picture, shown]);
  return (
    <span className="screen-quality" title={strings.qualityHint}>
      <span className="only-spoken">{strings.quality} </span>
      {strings.frames(rate)}
      {snapshot.latencyMs !== undefined && ` · ${strings.latency(Math.round(snapshot.latencyMs))}`}
    </span>
  );
}
