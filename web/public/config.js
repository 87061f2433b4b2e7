// Runtime configuration. The gateway serves its own version of this file; this one is for `vite` alone.
globalThis.daybookConfig = {};
