import type { ReactElement } from 'react';
import { formatQuantity } from '@krateyard/ui/words/quantity';
import { listAt, textAt } from '../../../contract/columns/read.ts';
import { claimVerdict, volumeSourceText, volumeVerdict } from '../facts/storage-facts.ts';
import { objectStrings as strings } from '../object-strings.ts';
import { Fact, Facts, ObjectLink } from '@krateyard/ui/parts/facts.tsx';
import type { SummaryProps } from './summary-props.ts';
import { VerdictLines } from './verdict-lines.tsx';

const CLASSES = 'storage.k8s.io/v1/storageclasses';

export function ClaimSummary({ object: claim }: SummaryProps): ReactElement {
  const volume = textAt(claim, 'spec', 'volumeName');
  const storageClass = textAt(claim, 'spec', 'storageClassName');
  const has = textAt(claim, 'status', 'capacity', 'storage');
  const asked = textAt(claim, 'spec', 'resources', 'requests', 'storage');
  return (
    <>
      <VerdictLines verdict={claimVerdict(claim)} />
      <Facts>
        <Fact title={strings.capacityOf}>
          {has === null ? '' : formatQuantity(has)}
          {asked !== null && asked !== has && (
            <span className="absent"> (asked for {formatQuantity(asked)})</span>
          )}
        </Fact>
        <Fact title={strings.volume}>
          {volume !== null && volume !== '' && <ObjectLink kind="v1/persistentvolumes" name={volume} />}
        </Fact>
        <Fact title={strings.storageClass}>
          {storageClass !== null && storageClass !== '' && <ObjectLink kind={CLASSES} name={storageClass} />}
        </Fact>
        <Fact title={strings.accessModes}>{listAt(claim, 'spec', 'accessModes').map(String).join(', ')}</Fact>
        <Fact title={strings.volumeMode}>{textAt(claim, 'spec', 'volumeMode')}</Fact>
        <Fact title={strings.source}>{textAt(claim, 'spec', 'dataSource', 'name')}</Fact>
      </Facts>
    </>
  );
}

export function VolumeSummary({ object: volume }: SummaryProps): ReactElement {
  const claim = textAt(volume, 'spec', 'claimRef', 'name');
  const namespace = textAt(volume, 'spec', 'claimRef', 'namespace') ?? undefined;
  const storageClass = textAt(volume, 'spec', 'storageClassName');
  return (
    <>
      <VerdictLines verdict={volumeVerdict(volume)} />
      <Facts>
        <Fact title={strings.capacityOf}>
          {formatQuantity(textAt(volume, 'spec', 'capacity', 'storage') ?? '')}
        </Fact>
        <Fact title={strings.claim}>
          {claim !== null && (
            <ObjectLink kind="pvcs" namespace={namespace} name={claim}>
              {namespace}/{claim}
            </ObjectLink>
          )}
        </Fact>
        <Fact title={strings.storageClass}>
          {storageClass !== null && storageClass !== '' && <ObjectLink kind={CLASSES} name={storageClass} />}
        </Fact>
        <Fact title={strings.accessModes}>
          {listAt(volume, 'spec', 'accessModes').map(String).join(', ')}
        </Fact>
        <Fact title={strings.reclaim}>{textAt(volume, 'spec', 'persistentVolumeReclaimPolicy')}</Fact>
        <Fact title={strings.source}>
          <span className="mono">{volumeSourceText(volume)}</span>
        </Fact>
      </Facts>
    </>
  );
}
