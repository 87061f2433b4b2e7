import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderApiReference } from './api-reference.ts';
import { routes } from './routes.ts';

test('docs/api-reference.md says what the contract says (npm run docs:api writes it)', () => {
  const written = readFileSync(join(__dirname, '../../../docs/api-reference.md'), 'utf8');
  expect(written).toBe(renderApiReference());
});

test('every route is in the reference', () => {
  const reference = renderApiReference();
  for (const { method, path } of routes) expect(reference).toContain(`\`${method.toUpperCase()} ${path}\``);
});
