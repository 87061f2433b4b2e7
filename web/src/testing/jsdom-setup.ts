// What jsdom lacks and the parts under test need. Nothing of ours is replaced here.
import { TextDecoder, TextEncoder } from 'node:util';

class QuietResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}

const additions: Record<string, unknown> = {
  TextEncoder,
  TextDecoder,
  ResizeObserver: QuietResizeObserver,
  structuredClone: <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value,
};
for (const [name, value] of Object.entries(additions)) {
  if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

if (typeof globalThis.crypto.randomUUID !== 'function') {
  let count = 0;
  Object.defineProperty(globalThis.crypto, 'randomUUID', {
    value: () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`,
  });
}

Object.defineProperty(window, 'matchMedia', {
  configurable: true,
  value: (query: string) => ({ matches: false, media: query, addEventListener() {}, removeEventListener() {} }),
});
Object.assign(Element.prototype, {
  scrollIntoView() {},
  hasPointerCapture: () => false,
  setPointerCapture() {},
  releasePointerCapture() {},
});

// The one module of react-router that uses import.meta, which jest's CommonJS cannot read. It loads routes of a server, of which there is none.
jest.mock('../../../node_modules/react-router/dist/production/lib/dom/ssr/routeModules.js', () => ({
  loadRouteModule: () => Promise.reject(new Error('There are no server routes.')),
}));
