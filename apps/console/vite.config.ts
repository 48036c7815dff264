import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const gateway = process.env['KRATEYARD_DEV_GATEWAY'] ?? 'http://127.0.0.1:8080';

/**
 * Left to itself the bundler makes a file for every set of pages that share something: ninety for the first view, six at a time
 * over HTTP/1.1. Here what every page needs is one file, and what most tables and objects need another; only what is large and
 * rarely used stays apart. The first group that takes a module has it, with all that it imports.
 */
const CHUNKS = [
  { name: 'start', test: /console[\\/](start|early-session)\.ts$|web[\\/]first-pages\.ts$/, priority: 5 },
  { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler|wouter)[\\/]/, priority: 4 },
  { name: 'frame', tags: ['$initial' as const], priority: 3 },
  {
    name: 'parts',
    test: /kernel[\\/](ui[\\/](?!terminal|editor|plots|settings)|kube[\\/]meta)|node_modules[\\/]@tanstack/,
    minShareCount: 2,
    priority: 2,
  },
  {
    name: 'objects',
    test: /workspace[\\/](web[\\/](actions|logs[\\/]log-strings|object[\\/](tabs|use-object|object-strings))|contract[\\/]kind-path)/,
    minShareCount: 2,
    priority: 1,
  },
];

export default defineConfig({
  root: here('.'),
  plugins: [react()],
  build: {
    outDir: here('../../dist/console'),
    emptyOutDir: true,
    target: ['chrome130', 'firefox130', 'safari18'],
    // Fonts and pictures stay files: the content security policy allows no data: addresses for them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: CHUNKS } } },
    // The terminal, in kB before compression: it is loaded when the first shell is opened.
    chunkSizeWarningLimit: 600,
  },
  server: { proxy: { '/api': { target: gateway, ws: true }, '/ws': { target: gateway, ws: true } } },
});
