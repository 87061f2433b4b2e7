/** The screen Today, in English. */
export const today = {
  today: {
    title: 'Today',
    now: 'Now',
    next: 'Next, {{distance}}',
    details: 'Details',
    free: 'Free today',
    bookGap: 'Book into {{span}}',
    emptyTitle: 'No appointments in the next two weeks',
    emptyHint: 'Book the first one here, or click a free time in the calendar.',
    restEmpty: 'Nothing else in the next two weeks.',
    upcoming: 'Coming up',
    openCalendar: 'Open the calendar',
  },
  firstHours: {
    title: 'When are you open?',
    why: 'Daybook offers times only within your opening hours. Times are in {{zone}}; you can change all of it later.',
    accept: 'Monday–Friday 9–17',
    other: 'Set other hours',
  },
};
