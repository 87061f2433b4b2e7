import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The folder that holds daybook/ and google/, found through the package so that it works from source and in tests. */
export const protoRoot: string = dirname(
  createRequire(join(process.cwd(), 'package.json')).resolve('@daybook/protos/package.json'),
);

/** The one set of loader options; generate-types.mjs passes the same to the type generator. */
export const loaderOptions = {
  keepCase: false,
  longs: Number,
  enums: String,
  defaults: true,
  oneofs: true,
} as const;
