import type { CalendarRef } from '@fullcalendar/react';
import FullCalendar from '@fullcalendar/react';
import { act, render } from '@testing-library/react';
import { createRef } from 'react';
import { calendarPlugins } from './calendar-plugins.ts';

test('a stretch that is being drawn does not draw the other entries anew', async () => {
  const calendar = createRef<CalendarRef>();
  const drawn: string[] = [];
  const events = [9, 10, 11].map((hour) => ({
    id: `at-${hour}`,
    start: `2099-06-04T${String(hour).padStart(2, '0')}:00:00`,
    end: `2099-06-04T${String(hour).padStart(2, '0')}:30:00`,
  }));
  render(
    <FullCalendar
      ref={calendar}
      plugins={calendarPlugins}
      initialView="timeGridWeek"
      initialDate="2099-06-04"
      selectable
      selectMirror
      events={events}
      eventClass={note}
    />,
  );
  await act(async () => undefined);
  expect(drawn).toEqual(expect.arrayContaining(['at-9', 'at-10', 'at-11']));
  drawn.length = 0;
  await act(async () => calendar.current!.getApi().select('2099-06-04T14:00:00', '2099-06-04T15:00:00'));
  expect(drawn).not.toHaveLength(0);
  expect(drawn.filter((id) => id.startsWith('at-'))).toEqual([]);

  function note(info: { event: { id: string } }): string {
    drawn.push(info.event.id);
    return '';
  }
});
