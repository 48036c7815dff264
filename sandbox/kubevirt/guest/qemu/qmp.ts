import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { ComputerOptions } from '../computer.ts';

/** QEMU that does not answer for so long is given up. */
const ANSWER_MS = 15_000;

type Answer = { readonly return: unknown } | { readonly error: { readonly desc: string } };

/** QEMU's machine protocol: commands and their answers, one line of JSON each; events are not listened to. */
export class Qmp {
  readonly #socket: Socket;
  readonly #after: ComputerOptions['after'];
  readonly #waiting: PromiseWithResolvers<unknown>[] = [];

  private constructor(socket: Socket, after: ComputerOptions['after']) {
    this.#socket = socket;
    this.#after = after;
    socket.on('error', () => {});
    socket.once('close', () => {
      for (const one of this.#waiting.splice(0)) one.reject(new Error('QEMU has ended'));
    });
    // The lines tell of the socket's errors as well.
    createInterface({ input: socket })
      .on('line', (line) => this.#heard(line))
      .on('error', () => {});
  }

  /** Of a socket that there is. */
  static async open(path: string, after: ComputerOptions['after']): Promise<Qmp> {
    const socket = connect(path);
    await once(socket, 'connect');
    const qmp = new Qmp(socket, after);
    try {
      await qmp.ask('qmp_capabilities');
    } catch (error) {
      qmp.close();
      throw error;
    }
    return qmp;
  }

  /** Rejects with QEMU's own words. */
  ask(execute: string, args: object = {}): Promise<unknown> {
    if (this.#socket.destroyed) return Promise.reject(new Error('QEMU has ended'));
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.push(answer);
    this.#socket.write(`${JSON.stringify({ execute, arguments: args })}\n`);
    const late = this.#after(ANSWER_MS, () => this.#socket.destroy());
    return answer.promise.finally(late);
  }

  close(): void {
    this.#socket.destroy();
  }

  #heard(line: string): void {
    const said = parsed(line);
    if ('error' in said) this.#waiting.shift()?.reject(new Error(said.error?.desc));
    else if ('return' in said) this.#waiting.shift()?.resolve(said.return);
  }
}

/** Of QEMU that was killed the last line may be half a one. */
function parsed(line: string): Partial<Answer> {
  try {
    return JSON.parse(line) as Partial<Answer>;
  } catch {
    return {};
  }
}
