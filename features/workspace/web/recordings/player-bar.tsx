import type { ReactElement } from 'react';
import { useStore } from '@krateyard/ui/live/use-store';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { SPEEDS, type CastPlayer } from './cast-player.ts';
import { recordingStrings as strings } from './recording-strings.ts';

/** Play, seek, speed, silences. */
export function PlayerBar({ player }: { readonly player: CastPlayer }): ReactElement {
  const { playing, atMs, durationMs, speed, skipIdle } = useStore(player.state);
  const marks = player.events.filter(({ code }) => code === 'm' || code === 'x');
  return (
    <div className="player" role="group" aria-label={strings.keys}>
      <button
        type="button"
        className="primary square"
        aria-label={playing ? strings.pause : strings.play}
        onClick={() => player.toggle()}
      >
        <Icon name={playing ? 'pause' : 'play'} />
      </button>
      <output className="player-time">
        {strings.duration(atMs)} / {strings.duration(durationMs)}
      </output>
      <div className="player-seek">
        <input
          type="range"
          aria-label={strings.seek}
          aria-valuetext={strings.duration(atMs)}
          min={0}
          max={Math.max(1, durationMs)}
          step={1}
          value={Math.round(atMs)}
          onChange={(event) => player.seek(Number(event.target.value))}
          onKeyDown={(event) => {
            // The arrows are the page's: five seconds, not one millisecond.
            if (event.key.startsWith('Arrow')) event.preventDefault();
            const step = { ArrowLeft: -5000, ArrowRight: 5000 }[event.key];
            if (step === undefined) return;
            event.stopPropagation();
            player.seek(player.state.get().atMs + step);
          }}
        />
        <div className="player-marks" aria-hidden="true">
          {marks.slice(0, MOST_MARKS).map(({ playMs, data }, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- a recording's events neither move nor change
            <i key={index} title={data} style={{ left: `${(playMs / Math.max(1, durationMs)) * 100}%` }} />
          ))}
        </div>
      </div>
      <label className="player-speed">
        <span className="only-spoken">{strings.speed}</span>
        <select value={speed} onChange={(event) => player.setSpeed(Number(event.target.value))}>
          {SPEEDS.map((one) => (
            <option key={one} value={one}>
              {strings.times(one)}
            </option>
          ))}
        </select>
      </label>
      <label className="player-idle">
        <input
          type="checkbox"
          checked={skipIdle}
          onChange={(event) => player.setSkipIdle(event.target.checked)}
        />
        <span>{strings.skipIdle}</span>
      </label>
    </div>
  );
}

/** More would be one line. */
const MOST_MARKS = 300;
