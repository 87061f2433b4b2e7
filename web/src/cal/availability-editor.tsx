import './dayjs-setup.ts';
import { AvailabilitySettings } from '@calcom/atoms/availability/AvailabilitySettings';
import { TimezoneSelectComponent } from '@calcom/atoms/timezone/TimezoneSelectComponent';
import type { Availability, ReplaceAvailabilityRequest } from '@daybook/http-contract/availability';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { fromEditorValues, toEditorSchedule } from './availability-mapping.ts';
import { AtomParts } from './parts.tsx';
import { WeekHours } from './week-hours.tsx';

/** What the editor shows and how it saves. */
export type AvailabilityEditorProps = {
  rules: Availability;
  name: string;
  twelveHour: boolean;
  firstWeekday: number;
  saving: boolean;
  /**
   * Saves the whole rule set. The editor calls this on Save and also by itself as soon as a special date is added, changed or removed,
   * so the same body may come twice: it must be harmless.
   */
  onSave: (body: ReplaceAvailabilityRequest) => Promise<'saved' | 'skipped'>;
  onChange?: (body: ReplaceAvailabilityRequest) => void;
};

const weekdayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** Cal.com's editor of hours with our weekly grid inside. It is made anew for each version of the rules. */
export function AvailabilityEditor(props: AvailabilityEditorProps) {
  const { rules, name } = props;
  const schedule = useMemo(() => toEditorSchedule(rules, name), [rules, name]);
  return (
    <AtomParts className="availability-editor">
      <AvailabilitySettings
        key={rules.version}
        schedule={schedule}
        components={slots}
        timeFormat={props.twelveHour ? 12 : 24}
        weekStart={weekdayNames[props.firstWeekday] ?? 'Monday'}
        isPlatform={false}
        enableOverrides
        allowDelete={false}
        allowSetToDefault={false}
        disableEditableHeading
        isSaving={props.saving}
        isDeleting={false}
        isLoading={false}
        backPath=""
        handleDelete={() => undefined}
        handleSubmit={(values) => props.onSave(fromEditorValues(values))}
        onFormStateChange={(values) => props.onChange?.(fromEditorValues(values))}
      />
    </AtomParts>
  );
}

/** The page around the editor is ours: only its buttons are taken from the atom, and stand below on a phone as on a desk. */
function EditorShell(props: { CTA?: ReactNode; children?: ReactNode }) {
  return (
    <div className="editor-shell">
      {props.children}
      <div className="editor-actions">{props.CTA}</div>
    </div>
  );
}

function ZoneSelect(props: { value: string; onChange: (zone: { value: string }) => void; inputId?: string }) {
  return (
    <TimezoneSelectComponent
      {...(props.inputId === undefined ? {} : { inputId: props.inputId })}
      value={props.value}
      data={zones.some(({ timezone }) => timezone === props.value) ? zones : [...zones, zoneChoice(props.value)]}
      isPending={false}
      isWebTimezoneSelect={false}
      onChange={props.onChange}
    />
  );
}

/** Not every name a practice may have, such as UTC, is in the browser's list. */
const zones = Intl.supportedValuesOf('timeZone').map(zoneChoice);

function zoneChoice(zone: string) {
  return { label: zone.replaceAll('_', ' '), timezone: zone };
}

const slots = { Shell: EditorShell, Schedule: WeekHours, TimezoneSelect: ZoneSelect };
