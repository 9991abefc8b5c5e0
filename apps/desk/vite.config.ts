import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// `export default` is what Vite asks for.
// eslint-disable-next-line no-restricted-exports
export default defineConfig({
  root: 'web',
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // Nothing inline: the page's policy allows only what it fetches from the desk itself.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
