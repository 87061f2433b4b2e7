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
    openCalendar: 'Open the calendar',
    line: 'Quick booking',
    lineExample: 'ann 30 thu 3pm',
    unmarked: 'Did they come?',
    sync: 'Cal.com: everything is in step',
    syncWaiting: 'Cal.com: {{waiting}} on their way',
    syncParked: 'Cal.com: {{parked}} need attention',
  },
  attendance: {
    label: 'How {{name}} came',
    expected: 'Expected',
    arrived: 'Arrived',
    completed: 'Done',
    no_show: 'Did not come',
  },
  firstHours: {
    title: 'When are you open?',
    why: 'Daybook offers times only within your opening hours. Times are in {{zone}}; you can change all of it later.',
    accept: 'Monday–Friday 9–17',
    other: 'Set other hours',
    guide: 'Set up step by step',
  },
};
