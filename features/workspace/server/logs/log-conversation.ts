import { Compile } from 'typebox/compile';
import type { WatchedCredential } from '@krateyard/auth/credential-watch';
import type { Principal } from '@krateyard/auth/principal';
import { CLOSE_CODES, type CloseReason } from '@krateyard/hub/close-codes';
import type { SocketUpgrade, UpgradedSocket } from '@krateyard/runtime/feature';
import { isStatusError, StatusError, toStatus } from '@krateyard/status/status-error';
import type { StatusSchema } from '@krateyard/status/status-schema';
import { LogClientFrame } from '../../contract/log-protocol.ts';
import type { WorkspaceDeps } from '../deps.ts';
import type { ToldFrame } from './log-outlet.ts';
import { HEARTBEAT_MS } from './log-reading.ts';

/** A peer that does not finish the closing handshake by then is cut off. */
const CLOSE_GRACE_MS = 2_000;
/** The same where what is owed shall still be read. */
const LAST_READ_MS = 30_000;
/** Frames without sense after which a socket is closed. */
const BAD_FRAMES = 20;
const AUTH_DEADLINE_MS = 10_000;

type Socket = UpgradedSocket['ws'];

export interface ConversationRoom {
  /** The seed's dialect: nothing but lines is told. */
  readonly bare: boolean;
  readonly tell: (frame: ToldFrame) => void;
  /** The person has proven themselves anew. */
  readonly became: (who: Principal) => void;
  readonly congested: () => boolean;
}

const schema = Compile(LogClientFrame);

/** What is said on a log socket beside the log: pings, proofs of identity, the end. */
export class LogConversation {
  /** Resolves when nothing of the socket is left. */
  readonly closed: Promise<void>;
  readonly #deps: Pick<WorkspaceDeps, 'clock' | 'authenticateToken' | 'credentials'>;
  readonly #ws: Socket;
  readonly #room: ConversationRoom;
  readonly #requestId: string;
  readonly #proof: WatchedCredential;
  readonly #gone = new AbortController();
  #cancelCut: () => void = () => {};
  #answered = true;
  #bad = 0;
  #authenticating = false;

  constructor(
    deps: Pick<WorkspaceDeps, 'clock' | 'authenticateToken' | 'credentials'>,
    ws: Socket,
    { authentication, requestId }: Pick<SocketUpgrade, 'authentication' | 'requestId'>,
    room: ConversationRoom,
  ) {
    this.#deps = deps;
    this.#ws = ws;
    this.#room = room;
    this.#requestId = requestId;
    this.#proof = deps.credentials.watch(authentication, () => this.close('unauthenticated'));
    const stopBeating = deps.clock.every(HEARTBEAT_MS, () => this.#beat());
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    ws.on('message', (bytes: Buffer, binary: boolean) => this.#received(bytes, binary));
    ws.on('pong', () => (this.#answered = true));
    ws.once('close', () => {
      stopBeating();
      this.#cancelCut();
      this.#gone.abort();
      this.#proof[Symbol.dispose]();
      resolve();
    });
  }

  /** All was told. */
  end(): void {
    this.#close(1000, '', LAST_READ_MS);
  }

  close(reason: CloseReason): void {
    this.#close(CLOSE_CODES[reason].code, CLOSE_CODES[reason].text, CLOSE_GRACE_MS);
  }

  #close(code: number, text: string, graceMs: number): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    this.#ws.close(code, text);
    this.#cancelCut = this.#deps.clock.after(graceMs, () => this.#ws.terminate());
  }

  #beat(): void {
    // A client that takes nothing cannot answer either: how long it may do so is bounded elsewhere.
    if (this.#room.congested() || this.#ws.readyState !== this.#ws.OPEN) return;
    if (!this.#answered) return this.close('heartbeatMissed');
    this.#answered = false;
    this.#ws.ping();
    this.#tellTime();
  }

  #tellTime(): void {
    if (!this.#room.congested())
      this.#room.tell({ type: 'heartbeat', at: new Date(this.#deps.clock.now()).toISOString() });
  }

  #received(bytes: Buffer, binary: boolean): void {
    this.#answered = true;
    // The seed's clients are told nothing but lines, and nothing they say means anything.
    if (this.#room.bare) return;
    const frame = binary ? undefined : readFrame(String(bytes));
    if (frame === undefined)
      return this.#refuse(new StatusError('BadRequest', 'the frame is neither ping nor auth'));
    if (frame.type === 'auth') void this.#authenticate(frame.token);
    else this.#tellTime();
  }

  #refuse(error: unknown): void {
    this.#bad += 1;
    if (this.#bad >= BAD_FRAMES) return this.close('badFrame');
    const status = toStatus(error, this.#requestId) as unknown as StatusSchema;
    if (!this.#room.congested()) this.#room.tell({ type: 'problem', status });
  }

  async #authenticate(token: string): Promise<void> {
    if (this.#authenticating)
      return this.#refuse(new StatusError('Conflict', 'another token is being looked at'));
    this.#authenticating = true;
    try {
      const deadline = AbortSignal.any([this.#gone.signal, AbortSignal.timeout(AUTH_DEADLINE_MS)]);
      const next = await this.#deps.authenticateToken(token, deadline);
      if (this.#gone.signal.aborted) return;
      if (!this.#proof.renew(next)) {
        throw new StatusError('Forbidden', 'this token is another person’s; open another socket');
      }
      this.#room.became(next.principal);
    } catch (error) {
      this.#refuse(
        isStatusError(error) ? error : new StatusError('Unauthorized', 'the token cannot be proven now'),
      );
    } finally {
      this.#authenticating = false;
    }
  }
}

function readFrame(text: string): LogClientFrame | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return schema.Check(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
