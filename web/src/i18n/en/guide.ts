/** The first-run guide, in English. */
export const guide = {
  guide: {
    title: 'Set up Daybook',
    lead: 'Four steps. Each can be left out, and you can come back at any time.',
    progress: '{{done}} of {{count}} done',
    skip: 'Leave out',
    again: 'Show again',
    done: 'Done',
    next: 'Next step',
    finished: 'Daybook is ready',
    finishedHint: 'All of it can be changed later, each in its own place.',
    toToday: 'Go to Today',
    resume: 'Setting up: {{done}} of {{count}} steps done.',
    goOn: 'Go on',
    putAway: 'Put the guide away',
    steps: {
      hours: {
        title: 'When are you open?',
        why: 'Times are offered only within your opening hours.',
        have: 'You have opening hours.',
        change: 'Look at the hours',
      },
      type: {
        title: 'What can be booked?',
        why: 'A length is enough. Buffers, notice and colour can wait.',
        change: 'All types',
      },
      calcom: {
        title: 'Do you use Cal.com?',
        why: 'Then Daybook keeps it in step. Without it, leave this out.',
        have: 'Cal.com is connected or about to be.',
        change: 'Look at Cal.com',
      },
      booking: {
        title: 'Book the first appointment',
        why: 'A name and a time are enough.',
        have: 'There are appointments already.',
      },
    },
  },
};
