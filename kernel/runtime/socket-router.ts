import type { SocketRoute } from './feature.ts';

export interface MatchedSocketRoute {
  readonly route: SocketRoute;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the route of a path; `:name` stands for one segment. The first that fits wins. */
export function matchSocketRoute(
  routes: readonly SocketRoute[],
  path: string,
): MatchedSocketRoute | undefined {
  const segments = path.replace(/(?<=.)\/$/, '').split('/');
  for (const route of routes) {
    const params = matchSegments(route.path.split('/'), segments);
    if (params) return { route, params };
  }
  return undefined;
}

function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const actual = segments[index] ?? '';
    if (!expected.startsWith(':')) {
      if (expected !== actual) return undefined;
      continue;
    }
    const decoded = decode(actual);
    if (decoded === undefined || decoded === '') return undefined;
    params[expected.slice(1)] = decoded;
  }
  return params;
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
