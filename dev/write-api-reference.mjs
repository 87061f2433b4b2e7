// `npm run docs:api`: writes docs/api-reference.md from the contract.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderApiReference } from '../packages/http-contract/src/api-reference.ts';

writeFileSync(join(import.meta.dirname, '../docs/api-reference.md'), renderApiReference());
