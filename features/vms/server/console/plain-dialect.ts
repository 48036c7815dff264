import type { Dialect } from '@krateyard/terminals/dialect';

/** As KubeVirt's own console: bytes both ways, in messages whose borders mean nothing. What is no byte is not told. */
export function plainDialect(): Dialect {
  return {
    acknowledges: false,
    output: ({ bytes }) => [bytes],
    frame: () => undefined,
    read: (message) => ({ is: 'input', bytes: message }),
  };
}
