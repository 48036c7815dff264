import { useEffect, useState, type ReactElement, type ReactNode } from 'react';
import { Link } from 'wouter';
import { Checkbox } from '@krateyard/ui/forms/checkbox.tsx';
import { NumberField } from '@krateyard/ui/forms/number-field.tsx';
import { Segmented } from '@krateyard/ui/forms/segmented.tsx';
import { TextField } from '@krateyard/ui/forms/text-field.tsx';
import { useStore } from '@krateyard/ui/live/use-store';
import { THEMES } from '@krateyard/ui/look/theme';
import { useSecond } from '@krateyard/ui/parts/freshness.tsx';
import { Picker } from '@krateyard/ui/parts/picker.tsx';
import { toast } from '@krateyard/ui/parts/toasts';
import { changeSettings, isTimeZone, settings } from '@krateyard/ui/settings/settings';
import { forgetRecents } from '@krateyard/ui/spotlight/recents';
import {
  changeTerminalSettings,
  MAX_FONT_SIZE,
  MIN_FONT_SIZE,
  terminalSettings,
} from '@krateyard/ui/terminal/terminal-settings';
import { formatLocal } from '@krateyard/ui/words/format-time';
import { useNamespaces } from '../frame/use-namespaces.ts';
import { leave, session } from '../session-store.ts';
import { strings } from '../strings.ts';
import { forgetColumns } from './forget-columns.ts';
import { settingsStrings } from './settings-strings.ts';
import '@krateyard/ui/page/plain-page.css';
import './settings.css';

/** What a person can choose once and find again. Every change holds at once. */
export function SettingsPage(): ReactElement {
  useEffect(() => {
    document.title = settingsStrings.page;
  }, []);
  return (
    <div className="settings plain-page">
      <h1>{settingsStrings.title}</h1>
      <p>{settingsStrings.about}</p>
      <Look />
      <Time />
      <Namespaces />
      <Terminals />
      <Kept />
      <SessionPart />
    </div>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <section aria-label={title} className="settings-part">
      <h2>{title}</h2>
      <div>{children}</div>
    </section>
  );
}

function Look(): ReactElement {
  const { theme, rowPx } = useStore(settings);
  return (
    <Part title={settingsStrings.look}>
      <Segmented
        label={settingsStrings.theme}
        labelShown
        value={theme}
        options={THEMES.map((value) => ({ value, label: strings.themes[value] }))}
        onChange={(chosen) => changeSettings({ theme: chosen })}
      />
      <Segmented
        label={settingsStrings.rows}
        labelShown
        value={rowPx === 28 ? '28' : '32'}
        options={[
          { value: '28', label: settingsStrings.rowChoices[28] },
          { value: '32', label: settingsStrings.rowChoices[32] },
        ]}
        onChange={(chosen) => changeSettings({ rowPx: chosen === '32' ? 32 : 28 })}
      />
    </Part>
  );
}

function Time(): ReactElement {
  const { timeZone } = useStore(settings);
  const now = useSecond(true);
  const named = timeZone !== 'local' && timeZone !== 'UTC';
  const [other, setOther] = useState(named);
  const [name, setName] = useState(named ? timeZone : '');
  const choose = (chosen: 'local' | 'UTC' | 'other'): void => {
    setOther(chosen === 'other');
    if (chosen !== 'other') changeSettings({ timeZone: chosen });
  };
  const put = (text: string): void => {
    setName(text);
    if (text !== 'local' && isTimeZone(text)) changeSettings({ timeZone: text });
  };
  return (
    <Part title={settingsStrings.time}>
      <Segmented
        label={settingsStrings.zone}
        labelShown
        value={other ? 'other' : timeZone === 'UTC' ? 'UTC' : 'local'}
        options={(['local', 'UTC', 'other'] as const).map((value) => ({
          value,
          label: settingsStrings.zones[value],
        }))}
        onChange={choose}
      />
      {other && (
        <TextField
          label={settingsStrings.zoneName}
          hint={settingsStrings.zoneHint}
          error={name !== '' && !isTimeZone(name) ? settingsStrings.zoneWrong : undefined}
          value={name}
          onChange={put}
          options={Intl.supportedValuesOf('timeZone')}
        />
      )}
      <p className="settings-now">{settingsStrings.zoneNow(formatLocal(new Date(now).toISOString()))}</p>
    </Part>
  );
}

function Namespaces(): ReactElement {
  const { namespaces } = useStore(settings);
  const [open, setOpen] = useState(false);
  const known = useNamespaces(open);
  const names = [...new Set([...known, ...namespaces])].toSorted();
  const pick = (value: string): void => {
    const next = namespaces.includes(value)
      ? namespaces.filter((name) => name !== value)
      : [...namespaces, value].toSorted();
    changeSettings({ namespaces: value === '' ? [] : next });
  };
  return (
    <Part title={settingsStrings.namespaces}>
      <div className="settings-line">
        <span>{settingsStrings.first}</span>
        <Picker
          label={settingsStrings.pickFirst}
          face={
            <span className="clip">
              {namespaces.length === 0 ? settingsStrings.firstAll : namespaces.join(', ')}
            </span>
          }
          items={[
            { value: '', label: settingsStrings.firstAll },
            ...names.map((value) => ({ value, label: value })),
          ]}
          chosen={new Set(namespaces.length === 0 ? [''] : namespaces)}
          several
          onPick={pick}
          open={open}
          onOpenChange={setOpen}
        />
        <small>{settingsStrings.firstHint}</small>
      </div>
    </Part>
  );
}

function Terminals(): ReactElement {
  const { fontSize, copyOnSelect, screenReader, renderer } = useStore(terminalSettings);
  return (
    <Part title={settingsStrings.terminal}>
      <NumberField
        label={settingsStrings.fontSize}
        value={fontSize}
        min={MIN_FONT_SIZE}
        max={MAX_FONT_SIZE}
        onChange={(size) => size !== undefined && changeTerminalSettings({ fontSize: size })}
      />
      <Checkbox
        label={settingsStrings.copy}
        checked={copyOnSelect}
        onChange={(on) => changeTerminalSettings({ copyOnSelect: on })}
      />
      <Checkbox
        label={settingsStrings.reader}
        checked={screenReader}
        onChange={(on) => changeTerminalSettings({ screenReader: on })}
      />
      <Checkbox
        label={settingsStrings.dom}
        hint={settingsStrings.domHint}
        checked={renderer === 'dom'}
        onChange={(on) => changeTerminalSettings({ renderer: on ? 'dom' : 'auto' })}
      />
    </Part>
  );
}

function Kept(): ReactElement {
  return (
    <Part title={settingsStrings.tables}>
      <span className="settings-buttons">
        <button type="button" onClick={() => toast('ok', settingsStrings.columnsForgotten(forgetColumns()))}>
          {settingsStrings.columns}
        </button>
        <button
          type="button"
          onClick={() => {
            forgetRecents();
            toast('ok', settingsStrings.recentsForgotten);
          }}
        >
          {settingsStrings.recents}
        </button>
      </span>
    </Part>
  );
}

function SessionPart(): ReactElement | null {
  const state = useStore(session);
  const user = state.phase === 'signed-in' ? state.session.user : undefined;
  const out = (everywhere: boolean): void => {
    leave(everywhere).catch(() => toast('bad', strings.signOutFailed));
  };
  if (!user) return null;
  return (
    <Part title={settingsStrings.session}>
      <dl className="settings-facts">
        <div>
          <dt>{settingsStrings.signedInAs}</dt>
          <dd>{user.username}</dd>
        </div>
        <div>
          <dt>{settingsStrings.groups}</dt>
          <dd>{user.groups.join(', ')}</dd>
        </div>
        <div>
          <dt>{settingsStrings.via}</dt>
          <dd>{settingsStrings.vias[user.via]}</dd>
        </div>
      </dl>
      <p>
        <Link href="/me">{settingsStrings.rights}</Link>
      </p>
      <span className="settings-buttons">
        <button type="button" onClick={() => out(false)}>
          {strings.signOut}
        </button>
        <button type="button" onClick={() => out(true)} aria-describedby="everywhere-hint">
          {strings.signOutEverywhere}
        </button>
        <small id="everywhere-hint">{settingsStrings.everywhereHint}</small>
      </span>
    </Part>
  );
}
