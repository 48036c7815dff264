import type { FastifyInstance } from 'fastify';

/** The methods that are served under a concrete path, to tell 405 from 404. */
export interface RouteTable {
  methodsFor(path: string): readonly string[];
}

/** Collects routes as they are registered; call before the first. Wildcard routes (the console) do not count. */
export function collectRoutes(app: FastifyInstance): RouteTable {
  const routes: { pattern: RegExp; methods: readonly string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return;
    routes.push({ pattern: patternOf(url), methods: Array.isArray(method) ? method : [method] });
  });
  return {
    methodsFor: (path) => [
      ...new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods)),
    ],
  };
}

function patternOf(url: string): RegExp {
  const source = url
    .split('/')
    .map((segment) => (segment.startsWith(':') ? '[^/]+' : segment.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')))
    .join('/');
  return new RegExp(`^${source}$`);
}
