/** The customers, in English. */
export const customers = { customers: { title: 'Customers' } };
