import js from '@eslint/js';
import jsdoc from 'eslint-plugin-jsdoc';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      '**/node_modules',
      'protos/gen',
      'web/dist',
      'web/public',
      'coverage',
      'packages/next',
      '**/*.cjs',
      '**/*.mjs',
      '.daybook',
      '.stryker-tmp',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['*.js'] }, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: [] }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // Arrow functions passed where a promise is awaited by the library (React handlers, node:http) are the caller's business.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      // `async` without await is how an interface that promises is satisfied by a synchronous answer.
      '@typescript-eslint/require-await': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  {
    // The environment is read once, in config.ts; everything else takes typed values (docs/architecture.md, "Config").
    files: ['services/*/src/**/*.ts', 'gateway/src/**/*.ts', 'packages/**/*.ts'],
    ignores: ['**/config.ts', '**/testing*.ts', '**/jest-global-*.ts', '**/*.test.ts', '**/test-support/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read the environment in config.ts only.' },
      ],
    },
  },
  {
    files: ['dev/**/*.ts', 'bench/**/*.ts', 'tests/**/*.ts', 'services/*/src/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    // Everything that other files may use says what it promises.
    files: [
      'protos/src/**',
      'packages/**',
      'services/**',
      'gateway/**',
      'web/src/**',
      'dev/**',
      'tests/support/**',
      'bench/src/**',
    ],
    ignores: ['**/*.test.ts', '**/*.test.tsx', '**/test-support/**', '**/testing/**', '**/*.mjs'],
    plugins: { jsdoc },
    rules: {
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: true,
          require: { FunctionDeclaration: true, ClassDeclaration: true },
          contexts: [
            'TSTypeAliasDeclaration',
            'TSInterfaceDeclaration',
            'ExportNamedDeclaration > VariableDeclaration',
          ],
          enableFixer: false,
        },
      ],
    },
  },
  {
    files: ['web/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: { ...reactHooks.configs.recommended.rules },
  },
  {
    files: ['**/*.test.ts', '**/*.test.tsx', '**/test-support/**'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: ['*.js'], ...tseslint.configs.disableTypeChecked },
);
