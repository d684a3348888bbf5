import { defineConfig } from 'eslint/config';
import lit from 'eslint-plugin-lit';
import litA11y from 'eslint-plugin-lit-a11y';
import wc from 'eslint-plugin-wc';
import tseslint from 'typescript-eslint';

/** Matches the relative imports that are forbidden in all of `demo/server/`. */
const SERVER = '^(\\.\\./)+(test|scripts|onboarding|operator|worker/(?!measure/)|src/(?!protocol/|version\\.))';
/**
 * The type worlds of CONTRIBUTING.md, each with the imports that would lead out of it. If two entries match a file, the
 * later one applies.
 */
const WORLDS = [
  { files: 'src/**/*.ts', leaves: '^(\\.\\./)+(demo|test|scripts|worker)/(?!guide/|index\\.ts\\?worker)' },
  { files: 'src/protocol/**/*.ts', leaves: '^\\.\\./' },
  { files: 'worker/**/*.ts', leaves: '^(\\.\\./)+(demo|test|scripts|src/(?!protocol/))' },
  { files: 'demo/**/*.ts', leaves: '^(\\.\\./)+(test|scripts|server|worker|src/(?!index\\.|define\\.|protocol/))' },
  { files: 'demo/server/**/*.ts', leaves: SERVER },
  // Uses web APIs only, to run in any JavaScript runtime; code that needs Node is in the folders around it.
  { files: 'demo/server/service/**/*.ts', leaves: `${SERVER}|^node:` },
];

export default defineConfig(
  { ignores: ['dist', '.cache', 'public', 'data', 'node_modules', 'test-results', 'playwright-report'] },
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': ['error', { selector: 'TSEnumDeclaration', message: 'Use an `as const` object.' }],
    },
  },
  {
    files: ['demo/server/service/**/*.ts'],
    rules: { 'no-restricted-globals': ['error', 'Buffer', 'process', 'global', 'setImmediate'] },
  },
  ...WORLDS.map(({ files, leaves }) => ({
    files: [files],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: leaves, message: 'Another world: see CONTRIBUTING.md.' }] },
      ],
    },
  })),
  {
    files: ['src/**/*.ts', 'demo/**/*.ts'],
    plugins: { lit, wc, 'lit-a11y': litA11y },
    rules: {
      ...lit.configs.recommended.rules,
      ...wc.configs['best-practice'].rules,
      ...litA11y.configs.recommended.rules,
    },
  },
);
