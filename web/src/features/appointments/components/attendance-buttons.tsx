import type { Appointment, Attendance } from '@daybook/http-contract/appointments';
import { CircleCheck, DoorOpen, UserX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { classNames } from '../../../ui/class-names.ts';
import { attendanceOf } from '../api/record-attendance.ts';

const choices = [
  { attendance: 'arrived', Icon: DoorOpen, chosen: 'border-accent bg-accent-soft text-accent' },
  { attendance: 'completed', Icon: CircleCheck, chosen: 'border-good bg-good-soft text-good' },
  { attendance: 'no_show', Icon: UserX, chosen: 'border-bad bg-bad-soft text-bad' },
] as const;

/** How a visit went, in one tap; a second tap on the same takes it back. */
export function AttendanceButtons(props: { appointment: Appointment; onRecord: (attendance: Attendance) => void }) {
  const { appointment } = props;
  const { t } = useTranslation();
  const now = attendanceOf(appointment);
  return (
    <div
      role="group"
      aria-label={t('attendance.label', { name: appointment.customer.name })}
      className="flex flex-wrap gap-2"
    >
      {choices.map(({ attendance, Icon, chosen }) => (
        <button
          key={attendance}
          type="button"
          aria-pressed={now === attendance}
          onClick={() => props.onRecord(now === attendance ? 'expected' : attendance)}
          className={classNames(
            'touch-target inline-flex items-center gap-1.5 rounded-lg border px-3 text-sm font-medium transition-colors',
            now === attendance ? chosen : 'border-line bg-card text-ink-soft hover:border-line-strong hover:text-ink',
          )}
        >
          <Icon aria-hidden className="size-4" />
          {t(`attendance.${attendance}`)}
        </button>
      ))}
    </div>
  );
}
