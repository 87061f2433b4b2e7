import { type FieldFault, ValidationError } from '@daybook/runtime/errors';

/** What can be booked. Lengths, buffers and notice in minutes. */
export type AppointmentType = {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  /** a-z, 0-9 and hyphen; unique in the organisation. */
  readonly slug: string;
  /** The default length first, the others ascending. */
  readonly durationsMinutes: readonly number[];
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
  readonly minimumNoticeMinutes: number;
  readonly horizonDays: number;
  readonly slotStepMinutes: number;
  /** `#rrggbb`. */
  readonly color: string;
  /** The seeded one, used when only a length is given. */
  readonly isDefault: boolean;
  readonly archived: boolean;
  /** Rises by one with each change. */
  readonly version: number;
};

/** What a person can set on a type. */
export type AppointmentTypeInput = Omit<AppointmentType, 'id' | 'organizationId' | 'isDefault' | 'version'>;

/** Shortest and longest length of an appointment, in minutes. */
export const shortestMinutes = 5;
/** Longest length of an appointment, in minutes; the database query bounds rely on it. */
export const longestMinutes = 1_440;

/** The type every practice starts with; horizon of six months. */
export const defaultAppointmentType: AppointmentTypeInput = {
  name: 'Appointment',
  slug: 'appointment',
  durationsMinutes: [30, 15, 45, 60],
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  minimumNoticeMinutes: 0,
  horizonDays: 183,
  slotStepMinutes: 15,
  color: '#2563eb',
  archived: false,
};

/**
 * Accepts what a person set on a type, in canonical form.
 * @throws ValidationError naming every fault
 */
export function validateAppointmentType(input: AppointmentTypeInput): AppointmentTypeInput {
  const faults: FieldFault[] = [];
  const name = input.name.trim();
  const slug = input.slug === '' ? slugOf(name) : input.slug;
  if (name.length < 1 || name.length > 100) faults.push({ pointer: '/name', message: 'Give 1 to 100 characters.' });
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) || slug.length > 60) {
    faults.push({ pointer: '/slug', message: 'Use a-z, 0-9 and single hyphens, at most 60 characters.' });
  }
  const durationsMinutes = checkDurations(input.durationsMinutes, faults);
  checkRange(input.bufferBeforeMinutes, 0, 720, '/bufferBeforeMinutes', faults);
  checkRange(input.bufferAfterMinutes, 0, 720, '/bufferAfterMinutes', faults);
  checkRange(input.minimumNoticeMinutes, 0, 527_040, '/minimumNoticeMinutes', faults);
  checkRange(input.horizonDays, 1, 1_095, '/horizonDays', faults);
  checkRange(input.slotStepMinutes, 5, 1_440, '/slotStepMinutes', faults);
  if (!/^#[0-9a-fA-F]{6}$/.test(input.color)) faults.push({ pointer: '/color', message: 'Give a colour as #rrggbb.' });
  if (faults.length > 0) throw new ValidationError(faults);
  return { ...input, name, slug, durationsMinutes, color: input.color.toLowerCase() };
}

function checkDurations(durations: readonly number[], faults: FieldFault[]): number[] {
  const pointer = '/durationsMinutes';
  if (durations.length < 1 || durations.length > 12) faults.push({ pointer, message: 'Give 1 to 12 lengths.' });
  durations.forEach((minutes, index) =>
    checkRange(minutes, shortestMinutes, longestMinutes, `${pointer}/${index}`, faults),
  );
  if (new Set(durations).size !== durations.length) faults.push({ pointer, message: 'Give each length once.' });
  const [first, ...others] = durations;
  return first === undefined ? [] : [first, ...others.sort((a, b) => a - b)];
}

function checkRange(value: number, least: number, most: number, pointer: string, faults: FieldFault[]): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    faults.push({ pointer, message: `Give a whole number from ${least} to ${most}.` });
  }
}

function slugOf(name: string): string {
  const plain = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
  return plain === '' ? 'type' : plain;
}
