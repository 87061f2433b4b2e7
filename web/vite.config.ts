import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';
import { fileURLToPath } from 'node:url';
import { neededBy } from './first-screens.ts';
import { offerSource } from './offer-source.ts';

/**
 * sonner inserts its style sheet as a style element without a nonce when its module is loaded, which the content security policy
 * forbids. The same sheet comes from `sonner/dist/styles.css` (src/ui/toaster.tsx), so the call is taken out of the bundle.
 */
function takeOutSonnerStyleElement(): Plugin {
  return {
    name: 'daybook:sonner-without-style-element',
    apply: 'build',
    transform(code, id) {
      if (!/sonner[\\/]dist[\\/]index\.mjs$/.test(id)) return null;
      const stripped = code.replace(/^__insertCSS\(.*\);$/m, '');
      if (stripped === code) this.error('sonner no longer inserts its sheet by a call in one line; look again');
      return { code: stripped, map: null };
    },
  };
}

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));
const first = neededBy([source('app/main.tsx'), source('app/routes/today.tsx'), source('app/routes/sign-in.tsx')]);
const signedIn = neededBy([source('app/main.tsx'), source('app/routes/today.tsx')]);

/** Whether the first screen cannot start without a module; its entry points stay files of their own. */
function isNeededFirst(id: string): boolean {
  const file = id.split('?')[0] ?? id;
  const icon = /lucide-react[\\/]dist[\\/]esm[\\/]icons[\\/]([^.]+)\./.exec(file)?.[1];
  if (icon !== undefined) return first.icons.has(icon);
  if (/lucide-react/.test(file)) return true;
  // What only the sign-in form is made of stays with it: whoever is signed in need not load it.
  if (/src[\\/]features[\\/]/.test(file) && !signedIn.files.has(file)) return false;
  return first.files.has(file) && !/src[\\/]app[\\/](main|routes[\\/])/.test(file);
}

export default defineConfig({
  plugins: [react(), tailwindcss(), takeOutSonnerStyleElement(), offerSource()],
  build: {
    outDir: 'dist',
    manifest: true,
    // data: URLs are not in the policy for fonts and scripts.
    assetsInlineLimit: 0,
    sourcemap: true,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        // What every screen stands on comes in two files instead of thirty, which also compresses better.
        codeSplitting: {
          groups: [
            {
              name: 'ground',
              test: /node_modules\/(react|react-dom|scheduler|react-router|@tanstack|i18next|react-i18next)\/(?!.*(?:infinite|Infinite))/,
              priority: 2,
            },
            { name: 'shared', test: isNeededFirst, priority: 1 },
            // What several later screens share comes in one file too.
            { name: 'later', test: /web\/src\/(lib|ui)\/|lucide-react/, minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: { port: 5173, proxy: { '/api': 'http://localhost:8080' } },
});
