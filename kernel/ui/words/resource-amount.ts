import { quantityValue } from '@krateyard/kube/meta/quantity';
import { formatAmountWithUnit } from './amount.ts';
import { formatQuantity } from './quantity.ts';

/**
 * A quantity of a resource (`cpu`, `limits.memory`, `hugepages-2Mi`), as what is measured of it is written: `6080m` of cpu is
 * `6.08 cores`, `24684084Ki` or `25276502016` of memory `23.5Gi`. Of other resources, and what is no quantity, as `formatQuantity`.
 */
export function formatResource(resource: string, text: string): string {
  const value = quantityValue(text);
  if (!Number.isFinite(value)) return text;
  if (CPU.test(resource)) return formatAmountWithUnit(value, 'cores');
  return BYTES.test(resource) ? formatAmountWithUnit(value, 'bytes') : formatQuantity(text);
}

const CPU = /^(?:requests\.|limits\.)?cpu$/;
const BYTES =
  /^(?:requests\.|limits\.)?(?:memory|storage|ephemeral-storage|hugepages-.+)$|\.storageclass\.storage\.k8s\.io\/requests\.storage$/;
