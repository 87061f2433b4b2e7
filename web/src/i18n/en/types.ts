/** The appointment types, in English. */
export const types = { types: { title: 'Appointment types' } };
