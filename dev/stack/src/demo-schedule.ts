import { demoPeople, type DemoPerson } from './demo-people.ts';

/** A type the demo practice offers. */
export type DemoType = {
  name: string;
  slug: string;
  durationsMinutes: number[];
  color: string;
  slotStepMinutes: number;
};

/** One planned appointment, in the wall-clock time of the practice. */
export type DemoAppointment = {
  /** The same for the same plan, for the Idempotency-Key. */
  key: string;
  day: Temporal.PlainDate;
  start: Temporal.PlainTime;
  type: DemoType;
  durationMinutes: number;
  person: DemoPerson;
  notes: string;
};

/** What the demo practice offers. */
export const demoTypes: readonly DemoType[] = [
  { name: 'First visit', slug: 'first-visit', durationsMinutes: [60], color: '#7c3aed', slotStepMinutes: 15 },
  { name: 'Treatment', slug: 'treatment', durationsMinutes: [45, 60], color: '#0369a1', slotStepMinutes: 15 },
  { name: 'Check-up', slug: 'check-up', durationsMinutes: [30], color: '#15803d', slotStepMinutes: 15 },
];

/** Weekly hours of the demo practice, index 0 is Monday. */
export const demoHours: readonly (readonly [start: string, end: string])[][] = [
  [
    ['08:30', '12:30'],
    ['13:30', '17:30'],
  ],
  [
    ['08:30', '12:30'],
    ['13:30', '17:30'],
  ],
  [['08:30', '12:30']],
  [
    ['10:00', '13:00'],
    ['14:00', '19:00'],
  ],
  [
    ['08:30', '12:30'],
    ['13:30', '16:00'],
  ],
  [],
  [],
];

const notes = [
  '',
  '',
  '',
  '',
  'Prefers the room on the ground floor.',
  'Comes by train, may be a few minutes late.',
  'Bring last report.',
];
const fullness = 0.72;

/** Plans the days from `from` on, `days` of them. The same seed and days always give the same plan. */
export function planAppointments(seed: number, from: Temporal.PlainDate, days: number): DemoAppointment[] {
  const random = makeRandom(seed);
  const pick = <T>(items: readonly T[]): T => {
    const item = items[Math.floor(random() * items.length)];
    if (item === undefined) throw new Error('Nothing to pick from.');
    return item;
  };
  const planned: DemoAppointment[] = [];
  for (let at = 0; at < days; at += 1) {
    const day = from.add({ days: at });
    for (const [opens, closes] of demoHours[day.dayOfWeek - 1] ?? []) {
      let start = Temporal.PlainTime.from(opens);
      for (;;) {
        const type = pick(demoTypes);
        const durationMinutes = pick(type.durationsMinutes);
        if (start.until(closes).total('minutes') < durationMinutes) break;
        const taken = random() < fullness;
        const person = pick(demoPeople);
        const key = `demo-${seed}-${day.toString()}-${start.toString()}`;
        if (taken) planned.push({ key, day, start, type, durationMinutes, person, notes: pick(notes) });
        start = start.add({ minutes: taken ? durationMinutes : 30 });
      }
    }
  }
  return planned;
}

/** A small generator of numbers in [0, 1) (mulberry32), so that the practice looks the same everywhere. */
export function makeRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
