/** Lists of values that Kubernetes names in an order of its own; OpenAPI has them by the alphabet. */
const ORDERS: readonly (readonly string[])[] = [
  ['Always', 'OnFailure', 'Never'],
  ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'],
  ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
  ['Ingress', 'Egress'],
];

const byAlphabet = new Map(ORDERS.map((order) => [[...order].sort().join(), order]));

export function orderOfEnum(values: readonly unknown[]): readonly unknown[] {
  return byAlphabet.get(values.join()) ?? values;
}
