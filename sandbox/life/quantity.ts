import { quantityValue } from '@krateyard/kube/meta/quantity';

/** The number that a Kubernetes quantity (`500m`, `1Gi`, `2e3`) stands for; 0 for what is none. */
export function quantity(text: string | number | undefined): number {
  const value = quantityValue(text ?? 0);
  return Number.isNaN(value) ? 0 : value;
}

export function millicores(text: string | number | undefined): number {
  return Math.ceil(quantity(text) * 1000);
}
