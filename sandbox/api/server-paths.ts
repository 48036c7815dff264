import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson, sendText } from './http-answer.ts';

const VERSION = {
  major: '1',
  minor: '34',
  gitVersion: 'v1.34.0+krateyard',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '2026-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'none',
  platform: 'linux/amd64',
};

const HEALTH = /^\/(livez|readyz|healthz)(\/ping)?\/?$/;

function healthText(request: IncomingMessage, path: string): string {
  if (!/[?&]verbose\b/.test(request.url ?? '')) return 'ok';
  return `[+]ping ok\n[+]store ok\n${path.split('/')[1]} check passed\n`;
}

/** Answers `/version` and the health checks; false for other paths. */
export function serveServerPaths(request: IncomingMessage, response: ServerResponse, path: string): boolean {
  if (path === '/version' || path === '/version/') sendJson(request, response, 200, VERSION);
  else if (HEALTH.test(path))
    sendText(request, response, 200, 'text/plain; charset=utf-8', healthText(request, path));
  else return false;
  return true;
}
