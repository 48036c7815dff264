import type { ClusterLogin } from './kubeconfig.ts';
import type { TargetOptions, TargetSource } from './target-source.ts';

/** A sandbox in this process, on a port of its own. */
export async function openSandboxTarget(
  _options: TargetOptions,
): Promise<{ source: TargetSource; login: ClusterLogin }> {
  throw new Error('the sandbox is not there yet');
}
