import path from 'node:path';
import { defineConfig } from 'vite';

// Grafana's libraries are made for its own bundler: the ES modules of @grafana/ui import what their dependencies only have as
// CommonJS, hence the alias; react and rxjs may be there once only.
export default defineConfig({
  define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
  resolve: {
    alias: [{ find: /^@grafana\/ui$/, replacement: path.resolve('node_modules/@grafana/ui/dist/cjs/index.cjs') }],
    dedupe: ['react', 'react-dom', 'rxjs', '@emotion/react', '@emotion/css', 'uplot'],
  },
  build: { chunkSizeWarningLimit: 100000, rolldownOptions: { shimMissingExports: true } },
});
