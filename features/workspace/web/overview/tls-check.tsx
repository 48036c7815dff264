import { useState, type ReactElement } from 'react';
import { Link } from 'wouter';
import { requestJson, statusOf } from '@krateyard/ui/live/api-client';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import { StatusWords } from '@krateyard/ui/parts/notice.tsx';
import { StatusMark } from '@krateyard/ui/parts/status-mark.tsx';
import { Time } from '@krateyard/ui/parts/time.tsx';
import { EXPIRES_SOON_MS, type TlsCertificate, type TlsCertificates } from '../../contract/overview.ts';
import { objectHref } from '@krateyard/ui/page/object-href';
import { overviewStrings as strings } from './overview-strings.ts';

type Checked =
  | { readonly phase: 'not' | 'asking' }
  | { readonly phase: 'told'; readonly answer: TlsCertificates; readonly at: number }
  | { readonly phase: 'failed'; readonly status: LiveStatus };

/** Ends of certificates in Secrets: only when somebody asks, as reading Secrets is theirs to answer for. */
export function TlsCheck({ namespaces }: { readonly namespaces: readonly string[] }): ReactElement {
  const [checked, setChecked] = useState<Checked>({ phase: 'not' });
  const check = (): void => {
    setChecked({ phase: 'asking' });
    const query = namespaces.length > 0 ? `?ns=${namespaces.map(encodeURIComponent).join(',')}` : '';
    requestJson<TlsCertificates>(`/api/overview/certificates${query}`, { method: 'POST', body: {} }).then(
      (answer) => setChecked({ phase: 'told', answer, at: Date.now() }),
      (error: unknown) => setChecked({ phase: 'failed', status: statusOf(error) }),
    );
  };
  return (
    <section className="overview-part tls-check" aria-labelledby="overview-tls">
      <header className="overview-head">
        <h3 id="overview-tls">{strings.tls}</h3>
      </header>
      <div aria-live="polite">
        {checked.phase === 'told' ? <Told {...checked} /> : <p>{strings.tlsHint}</p>}
        {checked.phase === 'failed' && <StatusWords status={checked.status} />}
      </div>
      <button type="button" disabled={checked.phase === 'asking'} onClick={check}>
        {checked.phase === 'told' ? strings.tlsAgain : strings.tlsCheck}
      </button>
    </section>
  );
}

function Told({ answer, at }: { readonly answer: TlsCertificates; readonly at: number }): ReactElement {
  const soon = answer.items.filter(
    ({ notAfter }) => notAfter === undefined || notAfter - at < EXPIRES_SOON_MS,
  );
  return (
    <>
      {soon.length === 0 && <p>{strings.tlsWell(answer.items.length)}</p>}
      <ul className="problem-lines">
        {soon.map((one) => (
          <CertificateLine key={`${one.namespace}/${one.name}`} certificate={one} at={at} />
        ))}
      </ul>
      {answer.more && <p>{strings.tlsMore}</p>}
    </>
  );
}

function CertificateLine(props: { readonly certificate: TlsCertificate; readonly at: number }): ReactElement {
  const { namespace, name, subject, notAfter, problem } = props.certificate;
  const expired = notAfter !== undefined && notAfter <= props.at;
  return (
    <li className="problem-line">
      <Link href={objectHref('secrets', namespace, name)} className="problem-object" data-line="">
        <StatusMark word={expired || notAfter === undefined ? 'Failed' : 'Pending'} />{' '}
        <span className="problem-namespace">{namespace}/</span>
        <bdi>{name}</bdi>
      </Link>
      <span className="problem-why">
        {notAfter === undefined ? (
          <b>{problem}</b>
        ) : (
          <>
            <b>{expired ? strings.tlsExpired : strings.tlsExpires}</b>
            <Time iso={new Date(notAfter).toISOString()} /> <span className="overview-dim">{subject}</span>
          </>
        )}
      </span>
    </li>
  );
}
