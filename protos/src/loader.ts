import { join } from 'node:path';

/** The folder that holds daybook/ and google/, found from this file so that the current folder does not matter. */
export const protoRoot: string = join(import.meta.dirname, '..');

/** The one set of loader options; generate-types.mjs passes the same to the type generator. */
export const loaderOptions = {
  keepCase: false,
  longs: Number,
  enums: String,
  defaults: true,
  oneofs: true,
} as const;
