import type { KubeObject } from '@krateyard/kube/meta/object';
import type { ResourceDefinition } from './resource-definition.ts';
import type { UserInfo } from './user.ts';

/** A write on its way to the store. */
export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly definition: ResourceDefinition;
  readonly subresource: string | undefined;
  readonly namespace: string;
  readonly name: string;
  readonly user: UserInfo;
  /** The object as it would be stored; a DELETE has none. */
  readonly object: KubeObject | undefined;
  readonly old: KubeObject | undefined;
}

/** A rule of the cluster: may change `request.object` in place, throws StatusErrors to refuse. */
export type Admission = (request: AdmissionRequest) => void;
