import type { z } from 'zod';
import type { ProblemCode } from '../problems.ts';

/** One route of the public API: what it takes, what it answers, which problems are its own. */
export type Route = {
  operationId: string;
  method: 'get' | 'post' | 'put' | 'delete';
  /** With {parameters}; all of them are UUIDs. */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  /** Needs no session. */
  open?: true;
  /** Called by Cal.com, not by a browser: no session, raw body, no Origin rule. */
  webhook?: true;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** Request headers it honours. */
  headers?: ('Idempotency-Key' | 'If-Match')[];
  success: {
    status: 200 | 201 | 204;
    description: string;
    schema?: z.ZodType;
    etag?: true;
    location?: true;
    stream?: true;
  };
  problems: ProblemCode[];
};
