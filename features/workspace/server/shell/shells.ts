import type { Principal } from '@krateyard/auth/principal';
import type { AccessQuestion } from '@krateyard/auth/access';
import { StatusError } from '@krateyard/status/status-error';
import type { OpenShell, ShellSummary } from '../../contract/shell-protocol.ts';
import type { WorkspaceDeps } from '../deps.ts';
import { dial } from './open-session.ts';
import { PODS } from './pod-container.ts';
import { ShellSession, type Member, type ShellBounds } from './shell-session.ts';
import { settled } from './settled.ts';

export type ShellsDeps = Pick<
  WorkspaceDeps,
  'access' | 'actingAs' | 'clock' | 'logger' | 'metrics' | 'shells'
>;

/** How far output runs ahead of what a client has drawn. */
const WINDOW_BYTES = 512 * 1024;
const STALL_MS = 15_000;
const DEFAULT_HOLD_MS = 30_000;
const DEFAULT_SCROLLBACK_BYTES = 1024 * 1024;
/** Between two looks at who takes nothing. */
const BEAT_MS = 5_000;
const LIMIT = 'shells';

/** All sessions of this gateway. */
export class Shells {
  readonly bounds: ShellBounds;
  readonly #deps: ShellsDeps;
  readonly #sessions = new Map<string, ShellSession>();
  #cancelBeat: (() => void) | undefined;

  constructor(deps: ShellsDeps) {
    this.#deps = deps;
    this.bounds = {
      holdMs: deps.shells?.holdMs ?? DEFAULT_HOLD_MS,
      scrollbackBytes: deps.shells?.scrollbackBytes ?? DEFAULT_SCROLLBACK_BYTES,
      windowBytes: WINDOW_BYTES,
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
  async open(who: Principal, open: OpenShell, signal: AbortSignal): Promise<ShellSession> {
    const { access, actingAs, clock, shells } = this.#deps;
    await access.require(who, execQuestion(open.ns, open.pod), signal);
    const place = shells?.limits.acquire(LIMIT, { user: who.id, namespace: open.ns });
    try {
      const dialled = await dial(open, { client: actingAs(who), clock, signal });
      const { rows, cols } = open;
      const size = rows !== undefined && cols !== undefined ? { rows, cols } : undefined;
      const session = new ShellSession(dialled.target, who, size, {
        clock,
        bounds: this.bounds,
        explain: dialled.explain,
        onEnded: () => place?.[Symbol.dispose](),
        onGone: () => this.#forget(session),
      });
      this.#sessions.set(session.id, session);
      this.#cancelBeat ??= clock.every(BEAT_MS, () => this.#beat());
      session.run(dialled.stream);
      await settled(session, dialled.target, clock, signal);
      return session;
    } catch (error) {
      place?.[Symbol.dispose]();
      throw error;
    }
  }

  /** Somebody with the key comes back, somebody without it joins. Throws StatusError. */
  async join(
    who: Principal,
    id: string,
    key: string | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly session: ShellSession; readonly member: Member }> {
    const session = this.#find(id);
    const { namespace, pod } = session.target;
    await this.#deps.access.require(who, execQuestion(namespace, pod), signal);
    return { session, member: session.admit(who, key) };
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
    for (const session of this.#sessions.values()) session.stop('draining');
  }

  #find(id: string): ShellSession {
    const session = this.#sessions.get(id);
    if (session) return session;
    throw new StatusError('NotFound', 'There is no such session: it has ended, or was held for too long.');
  }

  #beat(): void {
    const now = this.#deps.clock.monotonic();
    for (const session of this.#sessions.values()) session.beat(now);
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
