import { screen } from '@testing-library/react';
import { makeDetails, owner, uuidOf } from '../../../testing/fixtures.ts';
import { renderPart } from '../../../testing/render-app.tsx';
import { AppointmentHistory } from './appointment-history.tsx';

function linesOf(actors: string[]): (string | null | undefined)[] {
  const [entry] = makeDetails().history;
  if (!entry) throw new Error('the sample has no history');
  renderPart(<AppointmentHistory entries={actors.map((actor, at) => ({ ...entry, version: at + 1, actor }))} />);
  return screen.getAllByRole('listitem').map((item) => item.lastElementChild?.textContent);
}

test('names who is signed in and services, and shows no id of anybody else', () => {
  const [stranger, service, self] = linesOf([owner.id, 'service:calcom-sync', uuidOf(99)]);
  expect(stranger).toBe('1 Jun 2026, 04:00');
  expect(service).toBe(`a service, ${stranger}`);
  expect(self).toBe(`Clara Miller, ${stranger}`);
});
