/** Writes used-endpoints.json beside this file from a whole OpenAPI document: node extract.mjs path/to/openapi.json */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractUsedEndpoints } from './extract-used-endpoints.ts';

const [source] = process.argv.slice(2);
if (source === undefined) throw new Error('give the path of the OpenAPI document');
const extract = extractUsedEndpoints(JSON.parse(readFileSync(source, 'utf8')));
writeFileSync(join(import.meta.dirname, 'used-endpoints.json'), `${JSON.stringify(extract)}\n`);
