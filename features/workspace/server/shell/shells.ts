import type { Principal } from '@krateyard/auth/principal';
import type { AccessAnswer, AccessQuestion } from '@krateyard/auth/access';
import { StatusError } from '@krateyard/status/status-error';
import type { OpenShell, ShellSummary } from '../../contract/shell-protocol.ts';
import type { AuditEvent, WorkspaceDeps } from '../deps.ts';
import { dial } from './open-session.ts';
import { PODS } from './pod-container.ts';
import type { Member } from './member.ts';
import { ShellSession, type ShellBounds } from './shell-session.ts';
import type { RecordingPort } from './session-tap.ts';
import { settled } from './settled.ts';

export type ShellsDeps = Pick<
  WorkspaceDeps,
  'access' | 'actingAs' | 'audit' | 'client' | 'clock' | 'metrics' | 'shells'
> & {
  /** Absent: nothing can be recorded here. */
  readonly recordings: RecordingPort | undefined;
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
/** Between two looks at who takes nothing. */
const BEAT_MS = 5_000;
/** Pings go out at every third: below the 30 s after which the impatient among proxies cut. */
const BEATS_PER_PING = 3;
const LIMIT = 'shells';

/** All sessions of this gateway. */
export class Shells {
  readonly bounds: ShellBounds;
  readonly #deps: ShellsDeps;
  readonly #sessions = new Map<string, ShellSession>();
  #cancelBeat: (() => void) | undefined;
  #beats = 0;
  #draining = false;

  constructor(deps: ShellsDeps) {
    const scrollbackBytes = deps.shells?.scrollbackBytes ?? DEFAULT_SCROLLBACK_BYTES;
    this.#deps = deps;
    this.bounds = {
      holdMs: deps.shells?.holdMs ?? DEFAULT_HOLD_MS,
      scrollbackBytes,
      // What is not kept cannot be waited for.
      windowBytes: Math.min(WINDOW_BYTES, scrollbackBytes),
      stallMs: STALL_MS,
    };
    deps.metrics.gauge('krateyard_shells', 'Shell sessions, held ones included.', [], (gauge) =>
      gauge.set(this.#sessions.size),
    );
    deps.metrics.gauge('krateyard_shell_scrollback_bytes', 'Output kept for who comes back.', [], (gauge) =>
      gauge.set([...this.#sessions.values()].reduce((sum, { scrollback }) => sum + scrollback.heldBytes, 0)),
    );
  }

  /** Starts a process as the person and holds it for their socket. Throws StatusError for all that fails at once. */
  async open(asker: Asker, open: OpenShell, signal: AbortSignal): Promise<ShellSession> {
    const { access, shells } = this.#deps;
    if (this.#draining) throw new StatusError('ServiceUnavailable', 'The gateway is stopping.');
    await access.require(asker.principal, execQuestion(open.ns, open.pod), signal);
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
  ): Promise<{ readonly session: ShellSession; readonly member: Member }> {
    const session = this.#find(id);
    const { namespace, pod } = session.target;
    await this.#deps.access.require(asker.principal, execQuestion(namespace, pod), signal);
    const member = session.admit(asker.principal, key);
    if (!member.right) await this.#guard(session, member, signal);
    if (key === undefined) this.#account('shell.join', asker, session);
    return { session, member };
  }

  /** Sessions into pods that this person may exec into. */
  async list(who: Principal, signal: AbortSignal): Promise<ShellSummary[]> {
    const visible = await Promise.all(
      [...this.#sessions.values()].map(async (session) => {
        const { namespace, pod } = session.target;
        const { allowed } = await this.#deps.access.check(who, execQuestion(namespace, pod), signal);
        return allowed && !session.over ? [session.summary()] : [];
      }),
    );
    return visible.flat();
  }

  /** By its owner. */
  async end(who: Principal, id: string, signal: AbortSignal): Promise<void> {
    const session = this.#find(id);
    const { namespace, pod } = session.target;
    await this.#deps.access.require(who, execQuestion(namespace, pod), signal);
    if (session.owner.principal.id !== who.id) {
      throw new StatusError('Forbidden', 'Only the owner may end a session.');
    }
    session.stop('owner-ended');
  }

  /** The gateway stops: everybody is told, and the processes are given up. */
  drain(): void {
    this.#draining = true;
    for (const session of this.#sessions.values()) session.stop('draining');
  }

  async #start(
    who: Principal,
    open: OpenShell,
    place: Disposable | undefined,
    signal: AbortSignal,
  ): Promise<ShellSession> {
    const { actingAs, client, clock, recordings } = this.#deps;
    const { target, stream, explain } = await dial(open, { client: actingAs(who), clock, signal });
    const { rows, cols } = open;
    const size = rows !== undefined && cols !== undefined ? { rows, cols } : undefined;
    const session = new ShellSession(target, who, size, {
      clock,
      bounds: this.bounds,
      cluster: client.cluster,
      recordings,
      explain,
      onEnded: () => place?.[Symbol.dispose](),
      onGone: () => this.#forget(session),
    });
    this.#sessions.set(session.id, session);
    this.#cancelBeat ??= clock.every(BEAT_MS, () => this.#beat());
    try {
      await session.recorder.startByPolicy({ participant: session.owner.id, username: who.username });
      await this.#guard(session, session.owner, signal);
      signal.throwIfAborted();
    } catch (error) {
      stream.abort();
      session.stop('owner-ended');
      throw error;
    }
    session.run(stream);
    await settled(session, target, clock, signal);
    return session;
  }

  /** Whoever loses the right to exec into the pod loses their part in the session, the owner all of it. */
  async #guard(session: ShellSession, member: Member, signal: AbortSignal): Promise<void> {
    const { namespace, pod } = session.target;
    const { access } = this.#deps;
    const right = await access.liveAnswer(member.principal, execQuestion(namespace, pod), signal);
    const look = ({ allowed }: AccessAnswer): void => {
      if (!allowed) session.remove(member, 'right-lost');
    };
    right.onChange(look);
    session.guard(member, right);
    look(right.current());
  }

  #account(action: AuditEvent['action'], { principal, requestId }: Asker, session: ShellSession): void {
    const { audit, client, clock } = this.#deps;
    audit.record({
      at: new Date(clock.now()).toISOString(),
      action,
      user: principal.username,
      groups: principal.groups,
      requestId,
      cluster: client.cluster,
      namespace: session.target.namespace,
      name: session.target.pod,
      key: session.id,
      outcome: 'allowed',
    });
  }

  #find(id: string): ShellSession {
    const session = this.#sessions.get(id);
    if (session) return session;
    throw new StatusError('NotFound', 'There is no such session: it has ended, or was held for too long.');
  }

  #beat(): void {
    const { clock } = this.#deps;
    this.#beats += 1;
    const at = this.#beats % BEATS_PER_PING === 0 ? new Date(clock.now()).toISOString() : undefined;
    for (const session of this.#sessions.values()) session.beat(clock.monotonic(), at);
  }

  #forget(session: ShellSession): void {
    this.#sessions.delete(session.id);
    if (this.#sessions.size > 0) return;
    this.#cancelBeat?.();
    this.#cancelBeat = undefined;
  }
}

export function execQuestion(namespace: string, name: string): AccessQuestion {
  return { verb: 'create', resource: PODS, subresource: 'exec', namespace, name };
}
