/** Opening hours, in English. */
export const availability = {
  hours: {
    closed: 'Closed',
    from: '{{day}} from',
    to: '{{day}} to',
    add: 'Add hours on {{day}}',
    remove: 'Remove these hours on {{day}}',
    copy: 'Copy',
    copyHint: 'Copy the hours of {{day}} to Monday to Friday',
    endFirst: 'The end must be after the start. 23:59 means the end of the day.',
    overlap: 'These hours overlap with the ones before.',
  },
  availability: {
    title: 'Opening hours',
    lead: 'Times are offered within these hours. Appointments already booked stay as they are.',
    saved: 'Saved the hours',
    invalid: 'Some hours overlap or end before they start. Correct them and save again.',
    changedElsewhere: 'The hours were changed somewhere else.',
    loadNew: 'Load the new hours',
    outside_one: '{{count}} appointment lies outside the new hours',
    outside_other: '{{count}} appointments lie outside the new hours',
    outsideHint: 'They stay booked. Open one to move or cancel it.',
  },
};
