import { useCallback, useEffect, useRef, useState, type ReactElement } from 'react';
import { Link, useLocation } from 'wouter';
import { ConfirmDialog } from '@krateyard/ui/dialogs/confirm-dialog.tsx';
import { openDialog } from '@krateyard/ui/dialogs/dialogs';
import { useKeys } from '@krateyard/ui/keys/use-keys';
import { browserClock } from '@krateyard/ui/live/browser-clock';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { Time } from '@krateyard/ui/parts/time.tsx';
import { toast } from '@krateyard/ui/parts/toasts';
import type { TerminalHost, TerminalSize } from '@krateyard/ui/terminal/terminal-host';
import { TerminalView } from '@krateyard/ui/terminal/terminal-view.tsx';
import type { Cast } from '@krateyard/terminals/recordings/cast';
import { nameOfRecorded, type RecordingSummary } from '@krateyard/terminals/recordings/recording-summary';
import { CastPlayer, SPEEDS } from './cast-player.ts';
import { PlayerBar } from './player-bar.tsx';
import { recordingStrings as strings } from './recording-strings.ts';
import { castHref, RECORDINGS_PATH, removeRecording } from './recordings-api.ts';
import { ReplaySide } from './replay-side.tsx';
import { useRecording } from './use-recording.ts';

/** One recording: what was seen, at the pace at which it was seen or any other. */
export function ReplayView({ id }: { readonly id: string }): ReactElement {
  const found = useRecording(id);
  const name = found.state === 'ready' ? nameOfRecorded(found.summary) : strings.title;
  useEffect(() => {
    document.title = strings.documentTitle(name);
  }, [name]);
  if (found.state === 'loading') return <div className="replay" aria-busy="true" />;
  if (found.state === 'ready') return <Replay summary={found.summary} cast={found.cast} />;
  return (
    <Notice
      icon="history"
      tone="warn"
      title={found.state === 'broken' ? strings.brokenTitle : strings.missingTitle}
      status={found.state === 'failed' ? found.status : undefined}
      actions={<Link href={RECORDINGS_PATH}>{strings.all}</Link>}
    >
      {found.state === 'broken' && <p>{strings.broken}</p>}
    </Notice>
  );
}

function Replay({
  summary,
  cast,
}: {
  readonly summary: RecordingSummary;
  readonly cast: Cast;
}): ReactElement {
  const [size, setSize] = useState<TerminalSize>({ rows: cast.rows, cols: cast.cols });
  const [player, setPlayer] = useState<CastPlayer>();
  const attach = useCallback(
    (host: TerminalHost) => {
      const made = new CastPlayer(cast, screenOn(host, setSize), browserClock);
      setPlayer(made);
      made.play();
      return () => made.stop();
    },
    [cast],
  );
  const search = useRef<HTMLInputElement>(null);
  usePlayerKeys(player, () => search.current?.focus());
  return (
    <div className="replay">
      <header className="replay-head">
        <Link className="replay-back" href={RECORDINGS_PATH} aria-label={strings.all}>
          <Icon name="back" />
        </Link>
        <strong className="clip" dir="auto">
          {strings.of(nameOfRecorded(summary), summary.container)}
        </strong>
        <small>{summary.namespace}</small>
        <Facts summary={summary} />
        <div className="replay-actions">
          <a href={castHref(summary.id)} download>
            {strings.download}
          </a>
          <RemoveButton summary={summary} />
        </div>
      </header>
      <div className="replay-body">
        <TerminalView
          title={nameOfRecorded(summary)}
          shown
          readOnly
          fixed={size}
          onInput={() => {}}
          onReady={attach}
        />
        {player && <ReplaySide player={player} search={search} />}
      </div>
      {player && <PlayerBar player={player} />}
    </div>
  );
}

function Facts({ summary }: { readonly summary: RecordingSummary }): ReactElement {
  const facts = [
    strings.people(summary.participants),
    summary.endedAt === undefined ? strings.live : undefined,
    summary.truncated ? strings.truncated : undefined,
    summary.policy ? strings.policy : undefined,
  ].filter((fact) => fact !== undefined);
  return (
    <span className="replay-facts clip">
      <Time iso={summary.startedAt} /> · {facts.join(' · ')}
    </span>
  );
}

function RemoveButton({ summary }: { readonly summary: RecordingSummary }): ReactElement {
  const [, navigate] = useLocation();
  const remove = async (): Promise<void> => {
    await removeRecording(summary.id);
    toast('ok', strings.removed);
    navigate(RECORDINGS_PATH);
  };
  const ask = (): void => {
    openDialog(() => (
      <ConfirmDialog
        title={strings.removeTitle(nameOfRecorded(summary))}
        effects={[strings.removeEffect, strings.removeAudit]}
        verb={strings.remove}
        onConfirm={remove}
      />
    ));
  };
  return (
    <button type="button" disabled={summary.endedAt === undefined} onClick={ask}>
      {strings.remove}
    </button>
  );
}

function screenOn(host: TerminalHost, onSize: (size: TerminalSize) => void) {
  const resize = ({ rows, cols }: TerminalSize): void => {
    host.fix({ rows, cols });
    onSize({ rows, cols });
  };
  return {
    write: (text: string) => host.write(text),
    reset: (size: TerminalSize) => {
      host.terminal.reset();
      resize(size);
    },
    resize,
  };
}

const STEP_MS = 5_000;

/** Work while the terminal has the focus too: it is only looked at. */
function usePlayerKeys(player: CastPlayer | undefined, find: () => void): void {
  const step = (ms: number) => (): void => player?.seek(player.state.get().atMs + ms);
  const speed = (by: number) => (): void => {
    if (!player) return;
    const at = SPEEDS.indexOf(player.state.get().speed);
    player.setSpeed(SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at + by))]!);
  };
  const group = strings.keys;
  const whileTyping = true;
  useKeys(
    [
      {
        keys: ' ',
        label: `${strings.play}, ${strings.pause}`,
        group,
        whileTyping,
        run: () => player?.toggle(),
      },
      { keys: 'ArrowLeft', label: strings.back, group, whileTyping, run: step(-STEP_MS) },
      { keys: 'ArrowRight', label: strings.on, group, whileTyping, run: step(STEP_MS) },
      { keys: '[', label: strings.before, group, whileTyping, run: () => player && toMarker(player, -1) },
      { keys: ']', label: strings.after, group, whileTyping, run: () => player && toMarker(player, 1) },
      { keys: '<', label: strings.slower, group, whileTyping, run: speed(-1) },
      { keys: '>', label: strings.faster, group, whileTyping, run: speed(1) },
      { keys: '0', label: strings.start, group, whileTyping, run: () => player?.seek(0) },
      { keys: '/', label: strings.find, group, whileTyping, run: find },
    ],
    player !== undefined,
  );
}

/** The marker next to where it is, either way. */
function toMarker(player: CastPlayer, way: 1 | -1): void {
  const { atMs } = player.state.get();
  const marks = player.events.filter(({ code }) => code === 'm');
  const found =
    way === 1
      ? marks.find(({ playMs }) => playMs > atMs)
      : marks.findLast(({ playMs }) => playMs < atMs - 500);
  player.seek(found?.playMs ?? (way === 1 ? player.state.get().durationMs : 0));
}
