/** The import rules between folders (docs/architecture.md, "Boundaries"). Patterns use back-references, so a new folder is guarded from its first day. */
const test = '\\.test\\.tsx?$|/test-support/|/testing(/|\\.ts$)|/jest-global-|jsdom-setup';
const never = (name, comment, from, to) => ({ name, comment, severity: 'error', from: { pathNot: test, ...from }, to });

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle has no beginning to read from.',
      severity: 'error',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    never(
      'protos-know-nobody',
      'The internal contract depends on nothing of ours.',
      { path: '^protos/src' },
      { path: '^(packages|services|gateway|web|dev)/' },
    ),
    never(
      'http-contract-knows-zod-only',
      'The browser loads it.',
      { path: '^packages/http-contract/' },
      { path: '^(protos|packages/runtime|services|gateway|web|dev)/|^node:' },
    ),
    never(
      'runtime-knows-no-part',
      'Service defaults hold no Daybook noun.',
      { path: '^packages/runtime/' },
      { path: '^(services|gateway|web|packages/http-contract)/' },
    ),
    never(
      'services-do-not-import-each-other',
      'They talk by gRPC and events.',
      { path: '^services/([^/]+)/' },
      { path: '^services/(?!$1/)' },
    ),
    never(
      'services-know-no-edge',
      'No HTTP and no screens inside.',
      { path: '^services/' },
      { path: '^(gateway|web|packages/http-contract)/' },
    ),
    never(
      'domain-is-pure',
      'The house rules import no framework and no I/O.',
      { path: '^services/[^/]+/src/domain/' },
      { pathNot: '^services/[^/]+/src/domain/|^packages/runtime/src/errors\\.ts$|libphonenumber-js' },
    ),
    never(
      'app-knows-no-transport',
      'A use case does not know who asked.',
      { path: '^services/[^/]+/src/app/' },
      { path: '/src/grpc/|^protos/gen/|node_modules/(express|@grpc)/' },
    ),
    never(
      'db-knows-no-caller',
      'Storage serves the use cases.',
      { path: '^services/[^/]+/src/db/' },
      { path: '/src/(app|grpc|events|consumers|engine)/' },
    ),
    never(
      'grpc-does-not-touch-storage',
      'Handlers translate and call one use case.',
      { path: '^services/[^/]+/src/grpc/' },
      { path: '/src/db/' },
    ),
    never(
      'targets-stand-alone',
      'A calendar target knows its port only.',
      { path: '^services/calcom-sync/src/targets/([^/]+)/' },
      {
        path: '^services/calcom-sync/src/(engine|db|app|grpc|consumers)/|^services/calcom-sync/src/targets/(?!$1/|target\\.ts)',
      },
    ),
    never(
      'gateway-has-no-database',
      'No business rules and no database at the edge.',
      { path: '^gateway/' },
      { path: '^services/|node_modules/(pg|sequelize)/' },
    ),
    never(
      'features-stand-alone',
      'A feature imports no other feature; routes compose them.',
      { path: '^web/src/features/([^/]+)/' },
      { path: '^web/src/(features/(?!$1/)|app/)' },
    ),
    never(
      'ui-knows-no-feature',
      'Parts of the design know no feature.',
      { path: '^web/src/(ui|lib)/' },
      { path: '^web/src/(features|app)/' },
    ),
    never(
      'atoms-in-one-folder',
      'The fragile package stays behind web/src/cal.',
      { path: '^web/src/(?!cal/)' },
      { path: 'node_modules/@calcom/' },
    ),
    never(
      'sandbox-shares-no-mind',
      'The stand-in follows Cal.com, not our client.',
      { path: '^dev/calcom-sandbox/' },
      { path: '^(services|packages|protos|gateway)/' },
    ),
    {
      name: 'resolvable',
      comment: 'An import that resolves nowhere fails at run time.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(protos/gen|web/dist)|\\.css$|^virtual:' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.jsx', '.json'],
    },
  },
};
