import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { useLocation } from 'wouter';
import { NARROW, useMedia } from '@krateyard/ui/look/use-media';
import { useSecond } from '@krateyard/ui/parts/freshness.tsx';
import { StatusMark } from '@krateyard/ui/parts/status-mark.tsx';
import { useElementWidth } from '@krateyard/ui/table/use-element-width';
import type { VmInfo } from '../../contract/vm-api.ts';
import { machineWord } from '../machine-why.ts';
import { openScreen } from './open-screen.ts';
import { screenHref } from './screen-address.ts';
import { screenStrings as strings } from './screen-strings.ts';
import type { Thumbnail } from './thumbnails.ts';
import { useThumbnails } from './use-wall.ts';
import { wallMove } from './wall-moves.ts';

/** Width of a tile, px; on a phone two stand side by side. */
const LEAST_PX = 220;
const LEAST_NARROW_PX = 150;
const GAP_PX = 12;
const FOOT_PX = 44;
const PAD_PX = 12;

/** Machines as tiles, only those in sight drawn and asked for; arrows move, Enter opens the screen. */
export function WallGrid({ machines }: { readonly machines: readonly VmInfo[] }): ReactElement {
  const root = useRef<HTMLDivElement>(null);
  const least = useMedia(NARROW) ? LEAST_NARROW_PX : LEAST_PX;
  const width = Math.max(least, useElementWidth(root) - 2 * PAD_PX);
  const columns = Math.max(1, Math.floor((width + GAP_PX) / (least + GAP_PX)));
  const tile = Math.floor((width - GAP_PX * (columns - 1)) / columns);
  const height = Math.round(tile * 0.6) + FOOT_PX + GAP_PX;
  const rows = Math.ceil(machines.length / columns);
  const virtual = useVirtualizer({
    count: rows,
    getScrollElement: () => root.current,
    estimateSize: () => height,
    overscan: 1,
    paddingStart: PAD_PX,
    paddingEnd: PAD_PX,
  });
  useEffect(() => virtual.measure(), [virtual, height]);
  const { at, tabStop, onKeyDown, setAt } = useMoves(root, machines, columns, (row) =>
    virtual.scrollToIndex(row),
  );
  const { startIndex = 0, endIndex = 0 } = virtual.range ?? {};
  const inView = machines.slice(startIndex * columns, (endIndex + 1) * columns);
  const pictures = useThumbnails(inView.filter(hasScreen).map(keyOf));
  const now = useSecond(true);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys move among the links inside
    <div ref={root} className="wall-grid" role="group" aria-label={strings.wallGrid} onKeyDown={onKeyDown}>
      <div className="wall-rows" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index: row, start }) => (
          <div
            key={row}
            className="wall-row"
            style={{
              transform: `translateY(${start}px)`,
              gridTemplateColumns: `repeat(${columns}, ${tile}px)`,
              height: height - GAP_PX,
            }}
          >
            {machines.slice(row * columns, (row + 1) * columns).map((vm, column) => {
              const index = row * columns + column;
              return (
                <Tile
                  key={keyOf(vm)}
                  vm={vm}
                  index={index}
                  picture={pictures.get(keyOf(vm))}
                  now={now}
                  stop={index === tabStop}
                  current={index === at}
                  onFocus={() => setAt(index)}
                />
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}

const keyOf = ({ namespace, name }: VmInfo): string => `${namespace}/${name}`;
const hasScreen = ({ phase }: VmInfo): boolean => phase === 'Running';

/** One tile is the tab stop; the arrows move it. */
function useMoves(
  root: { readonly current: HTMLElement | null },
  machines: readonly VmInfo[],
  columns: number,
  show: (row: number) => void,
) {
  const [at, setAt] = useState<number>();
  const tabStop = Math.min(at ?? 0, machines.length - 1);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'v') {
      event.preventDefault();
      event.stopPropagation();
      return openScreen(machines[tabStop]!);
    }
    const to = wallMove(event.key, tabStop, columns, machines.length);
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    setAt(to);
    show(Math.floor(to / columns));
    // The row may be drawn only now.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => root.current?.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus()),
    );
  };
  return { at, tabStop, onKeyDown, setAt };
}

function Tile(props: {
  readonly vm: VmInfo;
  readonly index: number;
  readonly picture: Thumbnail | undefined;
  readonly now: number;
  readonly stop: boolean;
  readonly current: boolean;
  readonly onFocus: () => void;
}): ReactElement {
  const { vm, index, picture, now, stop, current, onFocus } = props;
  const [, navigate] = useLocation();
  const href = screenHref(vm);
  const on = hasScreen(vm);
  return (
    <a
      className="wall-tile"
      href={href}
      data-index={index}
      data-current={current || undefined}
      data-picture={on && picture?.url ? 'shown' : undefined}
      tabIndex={stop ? 0 : -1}
      onFocus={onFocus}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        navigate(href);
      }}
    >
      <span className="wall-picture">
        {on && picture?.url !== undefined && (
          <img src={picture.url} alt="" data-old={picture.error !== undefined || undefined} />
        )}
        {!(on && picture?.url) && <span className="wall-none">{noneOf(on, vm, picture)}</span>}
      </span>
      <span className="wall-foot">
        <StatusMark word={machineWord(vm)} />
        <b className="clip" dir="auto">
          {vm.name}
        </b>
        <small className="clip">
          {vm.status} · {vm.namespace}
        </small>
        {on && picture?.url !== undefined && (
          <small className="wall-age" aria-hidden="true">
            {strings.pictureAge(Math.max(0, Math.round((now - picture.at) / 1000)))}
          </small>
        )}
      </span>
    </a>
  );
}

function noneOf(on: boolean, vm: VmInfo, picture: Thumbnail | undefined): string {
  if (!on) return vm.reason === '' ? vm.status : vm.reason;
  return picture?.error === undefined
    ? strings.thumbnailWaiting
    : `${strings.thumbnailFailed}: ${picture.error}`;
}
