import { env } from 'node:process';

/** One config: unit, integration (real PostgreSQL and NATS), web (jsdom), system, browser, measured, and long when it is asked for. */
const transform = {
  '\\.(ts|tsx|js|jsx|mjs)$': [
    '@swc/jest',
    {
      jsc: {
        target: 'es2023',
        parser: { syntax: 'typescript', tsx: true },
        transform: { react: { runtime: 'automatic' } },
      },
      module: { type: 'commonjs', ignoreDynamic: false },
    },
  ],
};
const shared = {
  transform,
  extensionsToTreatAsEsm: [],
  moduleFileExtensions: ['ts', 'tsx', 'js', 'mjs', 'cjs', 'jsx', 'json', 'node'],
};
const globalServers = {
  globalSetup: '<rootDir>/packages/runtime/src/jest-global-setup.ts',
  globalTeardown: '<rootDir>/packages/runtime/src/jest-global-teardown.ts',
};
const longTests = '\\.long\\.test\\.ts$';
/** Systems whose test measures the speed of something, or gives it a second or two: each has the machine to itself. */
const measured = [
  'tests/browser/calendar-journey',
  'tests/browser/main-journey',
  'tests/calcom-outage',
  'tests/faults/network',
  'tests/rolling-restart',
].map((file) => `<rootDir>/${file}.test.ts`);
const server = ['<rootDir>/protos', '<rootDir>/packages', '<rootDir>/services', '<rootDir>/gateway', '<rootDir>/dev'];

/** Minutes to hours; only `npm run test:long` knows of it, so that a plain run of a folder stays quick. */
const long = {
  ...shared,
  ...globalServers,
  displayName: 'long',
  roots: [...server, '<rootDir>/tests'],
  testEnvironment: 'node',
  testMatch: ['**/*.long.test.ts'],
};

/**
 * Measured by `npm test` while the small tests run. Whole systems are processes of their own and are not measured: what only
 * they run counts as not run (entry points) or is left out (`packages/operate` and `packages/provision`). The app's screens
 * are walked in a real browser, which is not measured either; its share is only kept from falling.
 */
const coverage = {
  // Counters written into the code by Babel cost a tenth of what V8's ranges cost to map back.
  coverageProvider: 'babel',
  coverageReporters: ['json-summary', 'text-summary'],
  collectCoverageFrom: [
    '{protos,gateway,web}/src/**/*.{ts,tsx}',
    '{packages/{http-contract,runtime},services/*}/src/**/*.ts',
    '!**/*.test.{ts,tsx}',
    '!**/{testing,test-support}/**',
  ],
  coverageThreshold: {
    global: { statements: 80, branches: 80, functions: 80, lines: 80 },
    './web/src/': { statements: 70, branches: 53, functions: 60, lines: 72 },
    ...Object.fromEntries(
      ['auth', 'scheduling', 'calcom-sync'].map((service) => [
        `./services/${service}/src/domain/`,
        { statements: 90, branches: 90, functions: 90, lines: 90 },
      ]),
    ),
  },
};

export default {
  ...coverage,
  // Patience for a busy machine; what must be quick is asserted by its own figure.
  testTimeout: 30_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      roots: server,
      testEnvironment: 'node',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '\\.integration\\.test\\.ts$', longTests],
    },
    {
      ...shared,
      ...globalServers,
      displayName: 'integration',
      roots: server,
      testEnvironment: 'node',
      testMatch: ['**/*.integration.test.ts'],
    },
    {
      ...shared,
      displayName: 'web',
      roots: ['<rootDir>/web'],
      testEnvironment: 'jsdom',
      testMatch: ['**/*.test.ts', '**/*.test.tsx'],
      setupFiles: ['<rootDir>/web/src/testing/jsdom-setup.ts'],
      transformIgnorePatterns: [
        '/node_modules/(?!(@calcom/atoms|@remix-run|@full-ui|cookie-es|turbo-stream|react-timezone-select|spacetime|timezone-soft|react-use|react-router|@fullcalendar|temporal-polyfill|temporal-utils|lucide-react)/)',
      ],
      moduleNameMapper: {
        '\\.css$': '<rootDir>/web/src/testing/empty-style.ts',
        // Their manifests offer these modules to `import` only; jest asks as `require`.
        '^@calcom/atoms/(.*)$': '<rootDir>/web/node_modules/@calcom/atoms/$1.js',
        '^react-timezone-select$': '<rootDir>/node_modules/react-timezone-select/dist/index.js',
      },
    },
    {
      ...shared,
      displayName: 'system',
      roots: ['<rootDir>/tests'],
      testEnvironment: 'node',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '/browser/', longTests, ...measured],
    },
    {
      ...shared,
      displayName: 'browser',
      roots: ['<rootDir>/tests/browser'],
      testEnvironment: 'node',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', longTests, ...measured],
    },
    {
      ...shared,
      displayName: 'measured',
      roots: ['<rootDir>/tests'],
      testEnvironment: 'node',
      testMatch: measured,
    },
    ...(env['DAYBOOK_LONG'] ? [long] : []),
  ],
};
