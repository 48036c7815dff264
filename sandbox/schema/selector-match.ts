import { objectAt, objectsAt, textAt, textsAt } from './json-access.ts';
import type { JsonObject } from './schema-node.ts';

/** Whether `metav1.LabelSelector` matches the labels; the empty one matches all. */
export function matchesSelector(selector: JsonObject, labels: JsonObject): boolean {
  const equal = Object.entries(objectAt(selector, 'matchLabels') ?? {});
  if (!equal.every(([key, value]) => labels[key] === value)) return false;
  return objectsAt(selector, 'matchExpressions').every((expression) => matchesExpression(expression, labels));
}

function matchesExpression(expression: JsonObject, labels: JsonObject): boolean {
  const value = labels[textAt(expression, 'key') ?? ''];
  const listed = textsAt(expression, 'values').includes(String(value));
  const known = value !== undefined;
  const operators: Readonly<Record<string, boolean>> = {
    In: known && listed,
    NotIn: !known || !listed,
    Exists: known,
    DoesNotExist: !known,
  };
  return operators[textAt(expression, 'operator') ?? ''] ?? false;
}
