/** Words that every screen uses, in English. The other languages have the same keys. */
export const common = {
  common: {
    loading: 'Loading',
    tryAgain: 'Try again',
    cancel: 'Cancel',
    close: 'Close',
    save: 'Save',
    optional: '(optional)',
    today: 'Today',
    tomorrow: 'Tomorrow',
    minutes_one: '{{count}} minute',
    minutes_other: '{{count}} minutes',
    minutesShort: '{{count}} min',
    skip: 'Skip to the content',
    notifications: 'Notifications',
    stale: 'What you see may be old.',
  },
  faults: {
    required: 'Please fill this in.',
    email: 'Please enter an e-mail address such as ann@example.org.',
    minutesLeast: 'At least 5 minutes.',
    minutesMost: 'At most 1440 minutes, which is a day.',
    day: 'Please choose a day.',
    time: 'Please enter a time such as 9:30.',
    skippedTime: 'The clocks skip this time on that day. Please choose another.',
  },
  status: { scheduled: 'Scheduled', completed: 'Done', no_show: 'Did not come', cancelled: 'Cancelled' },
  sync: {
    words: { in_step: 'In step', waiting: 'Waiting', failed: 'Failed', different: 'Different', off: 'Off' },
    sentences: {
      in_step: 'in step with Cal.com',
      waiting: 'waiting for Cal.com',
      failed: 'Cal.com refused it',
      different: 'different from Cal.com',
      off: 'not sent to Cal.com',
    },
  },
  details: {
    reschedule: 'Move',
    call: 'Call',
    mail: 'Write',
  },
};
