import type { Principal } from '@krateyard/auth/principal';
import type { HubSession } from '@krateyard/hub/hub-session';
import type { Task } from '@krateyard/tasks/task';
import type { TaskBoard } from '@krateyard/tasks/task-board';
import type { ServerFrame } from '../../contract/watch-protocol.ts';

/**
 * One session's view of its person's tasks. While the socket takes nothing, changes are dropped, and the whole list is told
 * with the first change after it drained: the list is short, so nothing else has to be remembered.
 */
export class FollowedTasks {
  readonly #board: TaskBoard;
  readonly #session: HubSession<Principal>;
  #stop: (() => void) | undefined;
  #missed = false;

  constructor(board: TaskBoard, session: HubSession<Principal>) {
    this.#board = board;
    this.#session = session;
  }

  follow(on: boolean): void {
    this.#stop?.();
    this.#stop = undefined;
    if (!on) return;
    this.#tellAll();
    this.#stop = this.#board.observe(this.#session.principal, (task) => this.#tell(task));
  }

  /** Called at every heartbeat: what was missed is not missed for longer. */
  catchUp(): void {
    if (this.#missed && this.#stop && this.#session.congestedSince === undefined) this.#tellAll();
  }

  #tell(task: Task): void {
    if (this.#session.congestedSince !== undefined) this.#missed = true;
    else if (this.#missed) this.#tellAll();
    else this.#send({ type: 'task', task });
  }

  #tellAll(): void {
    this.#missed = false;
    this.#send({ type: 'tasks', items: [...this.#board.list(this.#session.principal)] });
  }

  #send(frame: ServerFrame): void {
    this.#session.send(JSON.stringify(frame));
  }
}
