import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const gateway = process.env['KRATEYARD_DEV_GATEWAY'] ?? 'http://127.0.0.1:8080';

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
    // The terminal, in kB before compression: it is loaded when the first shell is opened.
    chunkSizeWarningLimit: 600,
  },
  server: { proxy: { '/api': { target: gateway, ws: true }, '/ws': { target: gateway, ws: true } } },
});
