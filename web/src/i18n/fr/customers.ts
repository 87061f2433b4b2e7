import type { customers as english } from '../en/customers.ts';
import type { Words } from '../words.ts';

/** The customers, in French. */
export const customers: Words<typeof english> = { customers: { title: 'Clients' } };
