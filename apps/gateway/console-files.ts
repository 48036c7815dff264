import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { StatusError } from '@krateyard/status/status-error';
import { noConsolePage } from './sign-in-page.ts';

const HTML = 'text/html; charset=utf-8';

/**
 * The built console. Files with a hash in their name (`/assets/`) may be kept for ever, all others are asked about each
 * time; every other path that wants a page gets `index.html`, as the console's addresses are its own.
 */
export async function consoleFiles(app: FastifyInstance, root: string | undefined): Promise<void> {
  if (root === undefined || !existsSync(join(root, 'index.html'))) {
    app.get('/', { config: { public: true }, schema: { hide: true } }, (_request, reply) =>
      reply.type(HTML).send(noConsolePage()),
    );
    return;
  }
  const { fastifyStatic } = await import('@fastify/static');
  await app.register(async (scope) => {
    await scope.register(fastifyStatic, {
      root,
      wildcard: false,
      serve: false,
      cacheControl: false,
      index: false,
      dotfiles: 'deny',
      // Laid beside the files when the console is built.
      preCompressed: true,
    });
    scope.get<{ Params: { '*': string } }>(
      '/*',
      { config: { public: true }, schema: { hide: true } },
      (request, reply) => {
        const path = request.params['*'];
        if (/^(api|ws)(\/|$)/.test(path))
          throw new StatusError('NotFound', 'There is nothing under this path.');
        if (path.startsWith('assets/')) {
          reply.header('cache-control', 'public, max-age=31536000, immutable');
          return reply.sendFile(path);
        }
        reply.header('cache-control', 'no-cache');
        // In the address of an object a dot belongs to its name: `/resource/crds/things.example.com`.
        const isFile = /\.\w+$/.test(path) && !path.startsWith('resource/');
        return isFile ? reply.sendFile(path) : reply.sendFile('index.html');
      },
    );
  });
}
