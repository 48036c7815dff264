import type { Principal } from '@krateyard/auth/principal';
import { StatusError } from '@krateyard/status/status-error';
import { keepRight } from '@krateyard/terminals/keep-right';
import type { Member } from '@krateyard/terminals/member';
import { Terminal } from '@krateyard/terminals/terminal';
import type { TerminalBounds } from '@krateyard/terminals/terminal-needs';
import { Terminals } from '@krateyard/terminals/terminals';
import type { RecordedPlace } from '@krateyard/terminals/recordings/recording-summary';
import type { Recordings } from '@krateyard/terminals/recordings/recordings';
import type { OpenShell, ShellSummary } from '../../contract/shell-protocol.ts';
import type { WorkspaceDeps } from '../deps.ts';
import { dial } from './open-session.ts';
import { ExecRight } from './exec-right.ts';
import type { ShellTarget } from './shell-target.ts';
import { settled } from './settled.ts';

export type ShellsDeps = Pick<
  WorkspaceDeps,
  'access' | 'actingAs' | 'audit' | 'client' | 'clock' | 'metrics' | 'shells'
> & {
  /** Absent: nothing can be recorded here. */
  readonly recordings: Pick<Recordings, 'portFor'> | undefined;
};

/** Who asks, and under which id in the logs. */
export interface Asker {
  readonly principal: Principal;
  readonly requestId: string;
}

/** How far output runs ahead of what a client has drawn. */
const WINDOW_BYTES = 512 * 1024;
const STALL_MS = 15_000;
const DEFAULT_HOLD_MS = 30_000;
const DEFAULT_SCROLLBACK_BYTES = 1024 * 1024;
const LIMIT = 'shells';

/** A session: one process, its owner and who has joined. */
export type ShellSession = Terminal<ShellTarget> & { readonly owner: Member };

/** All sessions of this gateway. */
export class Shells {
  readonly bounds: TerminalBounds;
  readonly #deps: ShellsDeps;
  readonly #sessions: Terminals<ShellTarget>;
  readonly #right: ExecRight;

  constructor(deps: ShellsDeps) {
    const scrollbackBytes = deps.shells?.scrollbackBytes ?? DEFAULT_SCROLLBACK_BYTES;
    this.#deps = deps;
    this.#sessions = new Terminals(deps.clock);
    this.#right = new ExecRight(deps);
    this.bounds = {
      holdMs: deps.shells?.holdMs ?? DEFAULT_HOLD_MS,
      scrollbackBytes,
      // What is not kept cannot be waited for.
      windowBytes: Math.min(WINDOW_BYTES, scrollbackBytes),
      stallMs: STALL_MS,
    };
    deps.metrics.gauge('krateyard_shells', 'Shell sessions, held ones included.', [], (gauge) =>
      gauge.set(this.#sessions.count),
    );
    deps.metrics.gauge('krateyard_shell_scrollback_bytes', 'Output kept for who comes back.', [], (gauge) =>
      gauge.set(this.#sessions.scrollbackBytes),
    );
  }

  /** Starts a process as the person and holds it for their socket. Throws StatusError for all that fails at once. */
  async open(asker: Asker, open: OpenShell, signal: AbortSignal): Promise<ShellSession> {
    const { shells } = this.#deps;
    this.#sessions.requireOpen();
    await this.#right.require(asker.principal, open.ns, open.pod, signal);
    const place = shells?.limits.acquire(LIMIT, { user: asker.principal.id, namespace: open.ns });
    try {
      const session = await this.#start(asker.principal, open, place, signal);
      this.#account('shell.open', asker, session);
      return session;
    } catch (error) {
      place?.[Symbol.dispose]();
      throw error;
    }
  }

  /** Somebody with the key comes back, somebody without it joins. Throws StatusError. */
  async join(
    asker: Asker,
    id: string,
    key: string | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly session: Terminal<ShellTarget>; readonly member: Member }> {
    const session = this.#find(id);
    const { namespace, pod } = session.place;
    await this.#right.require(asker.principal, namespace, pod, signal);
    const member =
      key === undefined ? session.admit(asker.principal) : returning(session, asker.principal, key);
    if (!member.right) await this.#guard(session, member, signal);
    if (key === undefined) this.#account('shell.join', asker, session);
    return { session, member };
  }

  /** Sessions into pods that this person may exec into. */
  async list(who: Principal, signal: AbortSignal): Promise<ShellSummary[]> {
    const visible = await Promise.all(
      [...this.#sessions].map(async (session) => {
        const { namespace, pod } = session.place;
        const allowed = await this.#right.has(who, namespace, pod, signal);
        return allowed && !session.over ? [summaryOf(session)] : [];
      }),
    );
    return visible.flat();
  }

  /** By its owner. */
  async end(who: Principal, id: string, signal: AbortSignal): Promise<void> {
    const session = this.#find(id);
    const { namespace, pod } = session.place;
    await this.#right.require(who, namespace, pod, signal);
    if (session.owner?.principal.id !== who.id) {
      throw new StatusError('Forbidden', 'Only the owner may end a session.');
    }
    session.stop('owner-ended');
  }

  /** The gateway stops: everybody is told, and the processes are given up. */
  drain(): void {
    this.#sessions.drain();
  }

  async #start(
    who: Principal,
    open: OpenShell,
    place: Disposable | undefined,
    signal: AbortSignal,
  ): Promise<ShellSession> {
    const { actingAs, clock } = this.#deps;
    const { target, upstream } = await dial(open, { client: actingAs(who), clock, signal });
    const { rows, cols } = open;
    const size = rows !== undefined && cols !== undefined ? { rows, cols } : undefined;
    const session = new Terminal({
      place: target,
      owner: who,
      size,
      clock,
      bounds: this.bounds,
      recordings: this.#deps.recordings?.portFor(recordedPlace(target)),
      rightLost: 'The right to exec into this pod was lost.',
      onEnded: () => place?.[Symbol.dispose](),
      onGone: () => this.#sessions.forget(session),
    }) as ShellSession;
    this.#sessions.add(session);
    try {
      await session.recorder.startByPolicy({ participant: session.owner.id, username: who.username });
      await this.#guard(session, session.owner, signal);
      signal.throwIfAborted();
    } catch (error) {
      upstream.abort();
      session.stop('owner-ended');
      throw error;
    }
    session.run(upstream);
    await settled(session, upstream, clock, signal);
    return session;
  }

  async #guard(session: Terminal<ShellTarget>, member: Member, signal: AbortSignal): Promise<void> {
    const { namespace, pod } = session.place;
    const questions = await this.#right.questions(namespace, pod);
    await keepRight(this.#deps.access, session, member, questions, signal);
  }

  #account(
    action: 'shell.open' | 'shell.join',
    { principal, requestId }: Asker,
    session: Terminal<ShellTarget>,
  ): void {
    const { audit, client } = this.#deps;
    audit.record({
      action,
      who: principal,
      requestId,
      cluster: client.cluster,
      namespace: session.place.namespace,
      name: session.place.pod,
      key: session.id,
      outcome: 'allowed',
    });
  }

  #find(id: string): Terminal<ShellTarget> {
    const session = this.#sessions.find(id);
    if (session) return session;
    throw new StatusError('NotFound', 'There is no such session: it has ended, or was held for too long.');
  }
}

const recordedPlace = ({ namespace, pod, container, command }: ShellTarget): RecordedPlace => ({
  namespace,
  pod,
  container,
  command: [...command],
});

function returning(session: Terminal<ShellTarget>, who: Principal, key: string): Member {
  const member = session.returning(who, key);
  if (member) return member;
  throw new StatusError(
    'NotFound',
    'The key is not of this session, or its participant was away for too long.',
  );
}

function summaryOf(session: Terminal<ShellTarget>): ShellSummary {
  const { namespace, pod, container, command } = session.place;
  const { session: id, participants, recording, startedAt, heldUntil } = session.summary();
  return {
    session: id,
    namespace,
    pod,
    container,
    command: [...command],
    owner: session.owner?.username ?? '',
    participants,
    recording,
    startedAt,
    ...(heldUntil !== undefined && { heldUntil }),
  };
}
