import type { booking as english } from '../en/booking.ts';
import type { Words } from '../words.ts';

/** Booking and moving, in German. */
export const booking: Words<typeof english> = {
  time: {
    day: 'Tag',
    time: 'Uhrzeit',
    placeholder: 'zum Beispiel 9:30',
    freeTimes: 'Freie Zeiten',
    zone: 'Zeiten in {{zone}}',
    freeCount_zero: 'An diesem Tag ist nichts frei',
    freeCount_one: '{{count}} freie Zeit, um {{first}}',
    freeCount_other: '{{count}} freie Zeiten, die erste um {{first}}',
  },
  booking: {
    title: 'Neuer Termin',
    customer: 'Kunde',
    customerHint: 'Zwei Buchstaben genügen, um jemanden wiederzufinden.',
    knownCustomers: 'Bekannte Kunden',
    noContact: 'Weder E-Mail noch Telefon',
    recalled_one: '{{count}} bekannter Kunde. Wählen Sie mit den Pfeiltasten.',
    recalled_other: '{{count}} bekannte Kunden. Wählen Sie mit den Pfeiltasten.',
    email: 'E-Mail',
    phone: 'Telefon',
    type: 'Art',
    provider: 'Bei',
    length: 'Dauer in Minuten',
    offeredLengths: 'Übliche Dauern',
    notes: 'Notizen',
    submit: 'Buchen',
    override: 'Trotzdem buchen',
    done: 'Termin für {{name}} gebucht',
  },
  refusal: {
    takenTitle: 'Diese Zeit ist vergeben',
    taken: 'Dort steht ein anderer Termin.',
    takenBy: {
      appointment: '{{label}} hat {{span}}.',
      appointment_unnamed: 'Am {{span}} ist ein Termin.',
      block: '{{span}} ist gesperrt: {{label}}.',
      block_unnamed: '{{span}} ist gesperrt.',
      hold: 'Jemand bucht gerade {{span}}.',
      hold_unnamed: 'Jemand bucht gerade {{span}}.',
    },
    nearest: 'Am nächsten frei:',
    noneNear: 'In der Nähe ist nichts frei. Wählen Sie einen anderen Tag.',
    overrideHint: 'Die Regeln gelten für Ihre Kunden. Sie dürfen trotzdem weitermachen; der Verlauf hält es fest.',
  },
  reschedule: {
    title: '{{name}} verschieben',
    now: 'Jetzt {{span}}',
    reason: 'Grund',
    submit: 'Verschieben',
    override: 'Trotzdem verschieben',
  },
};
