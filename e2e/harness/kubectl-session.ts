import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import assert from 'node:assert/strict';
import type { Wire } from './wire.ts';
import { kubectlPath } from './kubectl.ts';
import { LiveProcess, run, type RunOptions, type RunResult } from './run.ts';
import type { Target } from './target.ts';

/** A real kubectl against one target and namespace, with a home and a discovery cache of its own. */
export class Kubectl {
  readonly folder: string;
  readonly program: string;
  readonly namespace: string;
  readonly #kubeconfig: string;

  constructor(program: string, folder: string, kubeconfig: string, namespace: string) {
    this.program = program;
    this.folder = folder;
    this.namespace = namespace;
    this.#kubeconfig = kubeconfig;
  }

  get env(): Record<string, string> {
    return { KUBECONFIG: this.#kubeconfig, HOME: this.folder, KUBECACHEDIR: path.join(this.folder, 'cache') };
  }

  /** Runs to the end; fails unless it exits with 0. */
  async ok(args: readonly string[], options: RunOptions = {}): Promise<string> {
    const result = await this.run(args, options);
    assert.equal(result.code, 0, `kubectl ${args.join(' ')}\n${result.stderr}\n${result.stdout}`);
    return result.stdout;
  }

  /** Runs to the end, whatever the exit code. */
  run(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    return run(this.program, this.args(args), { ...options, env: { ...this.env, ...options.env } });
  }

  async json(args: readonly string[]): Promise<Wire> {
    return JSON.parse(await this.ok([...args, '-o', 'json']));
  }

  /** Starts one that goes on: `-w`, `-f`, `exec -it`. */
  live(args: readonly string[], options: RunOptions = {}): LiveProcess {
    return new LiveProcess(this.program, this.args(args), {
      ...options,
      env: { ...this.env, ...options.env },
    });
  }

  /** Writes a manifest and returns its path. */
  async manifest(name: string, ...objects: Wire[]): Promise<string> {
    const file = path.join(this.folder, `${name}.yaml`);
    await writeFile(file, objects.map((object) => JSON.stringify(object)).join('\n---\n'));
    return file;
  }

  args(args: readonly string[]): string[] {
    return ['--namespace', this.namespace, ...args];
  }
}

export async function openKubectl(target: Target, namespace: string): Promise<Kubectl> {
  const folder = await mkdtemp(path.join(tmpdir(), 'krateyard-kubectl-'));
  target.undo(() => rm(folder, { recursive: true, force: true }));
  return new Kubectl(await kubectlPath(), folder, target.kubeconfig, namespace);
}
