import type { KubeObject } from '@krateyard/kube/meta/object';
import { at, dateAt, fieldsAt, listAt, textAt } from '../../contract/columns/read.ts';
import { EXPIRES_SOON_MS } from '../../contract/overview.ts';
import { short, WELL, type Derived, type Finding, type Surroundings } from './finding.ts';
import { amount, shareOf } from './pod-facts.ts';

const PRESSURES: ReadonlySet<string> = new Set([
  'MemoryPressure',
  'DiskPressure',
  'PIDPressure',
  'NetworkUnavailable',
]);

export function deriveNode(node: KubeObject): Derived {
  const conditions = listAt(node, 'status', 'conditions');
  const ready = conditions.find((condition) => at(condition, 'type') === 'Ready');
  const isReady = textAt(ready, 'status') === 'True';
  const findings: Finding[] = [];
  if (!isReady) {
    findings.push({
      cause: 'node-not-ready',
      severity: 'critical',
      since:
        dateAt(ready, 'lastTransitionTime') ?? dateAt(node, 'metadata', 'creationTimestamp') ?? undefined,
      reason: textAt(ready, 'reason') ?? 'NotReady',
      message: short(textAt(ready, 'message') ?? ''),
    });
  }
  for (const condition of conditions) {
    const type = textAt(condition, 'type') ?? '';
    if (!PRESSURES.has(type) || textAt(condition, 'status') !== 'True') continue;
    findings.push({
      cause: 'node-pressure',
      severity: 'critical',
      since: dateAt(condition, 'lastTransitionTime') ?? undefined,
      reason: type,
      message: short(textAt(condition, 'message') ?? ''),
    });
  }
  const allocatable = fieldsAt(node, 'status', 'allocatable');
  return {
    findings,
    node: {
      allocatable: { ...shareOf(allocatable), pods: amount(allocatable['pods']) },
      ready: isReady,
      cordoned: at(node, 'spec', 'unschedulable') === true,
    },
  };
}

/** From this part of a quota on it is told; used up, it is what the next pod fails for. */
const NEAR_END = 0.9;

export function deriveQuota(quota: KubeObject): Derived {
  const hard = fieldsAt(quota, 'status', 'hard');
  const used = fieldsAt(quota, 'status', 'used');
  const near = Object.keys(hard)
    .map((resource) => ({ resource, part: amount(used[resource]) / amount(hard[resource]) }))
    // A limit of 0 forbids; that is no quota that came to its end.
    .filter(({ resource, part }) => amount(hard[resource]) > 0 && part >= NEAR_END)
    .toSorted((a, b) => b.part - a.part || (a.resource < b.resource ? -1 : 1));
  if (near.length === 0) return WELL;
  const words = near.map(
    ({ resource }) => `${resource} ${String(used[resource])} of ${String(hard[resource])}`,
  );
  const full = near[0]!.part >= 1;
  return {
    findings: [
      {
        cause: 'quota',
        severity: full ? 'critical' : 'warning',
        since: undefined,
        reason: full ? 'Used up' : 'Nearly used up',
        message: short(words.join(', ')),
      },
    ],
  };
}

const DELETION_MS = 2 * 60_000;

/** A namespace that should be gone and is not says in its conditions what is left in it. */
export function deriveNamespace(namespace: KubeObject, { now }: Pick<Surroundings, 'now'>): Derived {
  const since = dateAt(namespace, 'metadata', 'deletionTimestamp');
  if (since === null) return WELL;
  if (now < since + DELETION_MS) return { findings: [], revisitAt: since + DELETION_MS };
  const said = listAt(namespace, 'status', 'conditions')
    .filter((condition) => textAt(condition, 'status') === 'True')
    .map((condition) => textAt(condition, 'message') ?? '');
  return {
    findings: [
      {
        cause: 'stuck-deletion',
        severity: 'warning',
        since,
        reason: 'Terminating',
        message: short(said.join('; ')),
      },
    ],
  };
}

const DAY_MS = 24 * 60 * 60_000;
const EXPIRES_NOW_MS = 3 * DAY_MS;

/** A Certificate of cert-manager: its status has the date; the key stays where it is. */
export function deriveCertificate(certificate: KubeObject, { now }: Pick<Surroundings, 'now'>): Derived {
  const notAfter = dateAt(certificate, 'status', 'notAfter');
  const ready = listAt(certificate, 'status', 'conditions').find((one) => at(one, 'type') === 'Ready');
  const said = short(textAt(ready, 'message') ?? '');
  const failed = textAt(ready, 'status') === 'False';
  if (notAfter !== null && notAfter - now < EXPIRES_SOON_MS) {
    const past = notAfter <= now;
    const soon = notAfter - now < EXPIRES_NOW_MS;
    const next = soon ? notAfter : notAfter - EXPIRES_NOW_MS;
    return {
      findings: [
        {
          cause: 'certificate',
          severity: soon ? 'critical' : 'warning',
          since: undefined,
          reason: past ? 'Expired' : 'Expires',
          message: `${past ? 'expired' : 'expires'} on ${new Date(notAfter).toISOString().slice(0, 16).replace('T', ' ')} UTC${failed ? `; ${said}` : ''}`,
        },
      ],
      ...(!past && { revisitAt: next }),
    };
  }
  const later = notAfter === null ? {} : { revisitAt: notAfter - EXPIRES_SOON_MS };
  if (!failed) return { findings: [], ...later };
  return {
    findings: [
      {
        cause: 'certificate',
        severity: 'warning',
        since: dateAt(ready, 'lastTransitionTime') ?? undefined,
        reason: textAt(ready, 'reason') ?? 'NotReady',
        message: said,
      },
    ],
    ...later,
  };
}
