import { useEffect, useState, type ReactElement } from 'react';
import { useParams } from 'wouter';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { readSerialAddress } from './serial-address.ts';
import { serialStrings as strings } from './serial-strings.ts';
import { SerialView } from './serial-view.tsx';
import './serial.css';

/** A machine's serial console on a page of its own. */
export function SerialPage(): ReactElement {
  const address = readSerialAddress(useParams<{ namespace: string; name: string }>());
  const [run, setRun] = useState(0);
  const name = address?.name ?? '';
  useEffect(() => {
    document.title = strings.documentTitle(name);
  }, [name]);
  if (!address) return <Notice icon="screen" title={strings.missingTitle} />;
  return (
    <div className="serial-page">
      <SerialView
        key={`${address.namespace}/${name} ${run}`}
        address={address}
        shown
        takesFocus
        onAgain={() => setRun(run + 1)}
      />
    </div>
  );
}
