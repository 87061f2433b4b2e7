import { config } from 'zod';

// zod compiles object schemas with `new Function` unless told not to; the content security policy forbids that, and even the
// attempt is reported. This module must be evaluated before any schema is made: src/app/main.tsx imports it first.
config({ jitless: true });
