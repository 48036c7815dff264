import { useMemo, useState, type ReactElement } from 'react';
import { Age } from '@krateyard/ui/parts/age.tsx';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { Time } from '@krateyard/ui/parts/time.tsx';
import { objectStrings as strings } from '../object-strings.ts';
import { editable, yamlOf } from '../yaml/editable-object.ts';
import { EditorHost } from '@krateyard/ui/editor/editor-host.tsx';
import { formatFieldPath } from '../yaml/field-path.ts';
import { changesBetween } from '../yaml/merge-patch.ts';
import type { ChangeHistory, SeenVersion } from './change-history.ts';
import './history.css';
import '../yaml/yaml.css';

/** The states of an object that were seen while it was open, and the difference of any two. */
export function HistoryView({ history }: { readonly history: ChangeHistory }): ReactElement {
  const { versions, dropped } = history;
  const newest = versions.at(-1);
  const [chosen, setChosen] = useState<number>();
  const [against, setAgainst] = useState<number>();
  const after = versions.find(({ number }) => number === chosen) ?? newest;
  const before = versions.find(({ number }) => number === against) ?? previousOf(versions, after);
  if (!newest || versions.length < 2 || !after || !before) {
    return (
      <Notice icon="history" title={strings.historyEmpty}>
        <p>{strings.historyEmptyHint}</p>
      </Notice>
    );
  }
  return (
    <div className="history">
      <div className="history-list">
        <p className="absent">
          {strings.historyHint} {dropped > 0 && strings.historyDropped(dropped)}
        </p>
        <ol reversed aria-label={strings.tabs.history}>
          {versions.toReversed().map((version) => (
            <li key={version.number}>
              <button
                type="button"
                className="plain history-line"
                aria-pressed={version === after}
                onClick={() => {
                  setChosen(version.number);
                  setAgainst(undefined);
                }}
              >
                <VersionLine version={version} before={previousOf(versions, version)} />
              </button>
            </li>
          ))}
        </ol>
      </div>
      <div className="history-diff">
        <label className="yaml-bar">
          {strings.historyCompare} {strings.version(after.number)} {strings.historyWith}
          <select value={before.number} onChange={(event) => setAgainst(Number(event.target.value))}>
            {versions
              .filter((version) => version !== after)
              .map(({ number }) => (
                <option key={number} value={number}>
                  {strings.version(number)}
                </option>
              ))}
          </select>
        </label>
        <Difference before={before} after={after} />
      </div>
    </div>
  );
}

function previousOf(
  versions: readonly SeenVersion[],
  version: SeenVersion | undefined,
): SeenVersion | undefined {
  const at = versions.findIndex((one) => one === version);
  return versions[at - 1] ?? versions[at + 1];
}

const SHOWN_FIELDS = 3;

function VersionLine(props: {
  readonly version: SeenVersion;
  readonly before: SeenVersion | undefined;
}): ReactElement {
  const { version, before } = props;
  const fields = useMemo(() => {
    if (!before || before.number > version.number) return [];
    return changesBetween(editable(before.object), editable(version.object)).map(({ path }) =>
      formatFieldPath(path),
    );
  }, [version, before]);
  const onlyStatus = fields.length > 0 && fields.every((field) => field.startsWith('status'));
  return (
    <>
      <span>
        <b>{strings.version(version.number)}</b> <Time iso={new Date(version.at).toISOString()} />{' '}
        <Age at={version.at} />
      </span>
      <small>
        {version.deleted
          ? strings.historyDeleted
          : fields.length === 0
            ? strings.historyFirst
            : onlyStatus
              ? strings.historyStatus
              : strings.fields(fields.length)}
        {version.who !== undefined && ` ${strings.historyBy(version.who)}`}
      </small>
      {!onlyStatus &&
        fields.slice(0, SHOWN_FIELDS).map((field) => (
          <small key={field} className="mono clip">
            {field}
          </small>
        ))}
    </>
  );
}

function Difference(props: { readonly before: SeenVersion; readonly after: SeenVersion }): ReactElement {
  const { before, after } = props;
  const [from, to] = useMemo(
    () => [yamlOf(editable(before.object)), yamlOf(editable(after.object))],
    [before, after],
  );
  if (from === to) return <p className="absent">{strings.nothingDiffers}</p>;
  return (
    <div className="yaml-text">
      <EditorHost
        key={`${before.number} ${after.number}`}
        label={strings.tabs.history}
        text={to}
        original={from}
        readOnly
      />
    </div>
  );
}
