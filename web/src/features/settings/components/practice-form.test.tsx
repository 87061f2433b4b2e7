import { fireEvent, screen } from '@testing-library/react';
import { ProblemError } from '../../../lib/problem.ts';
import { refuse } from '../../../testing/fetch-double.ts';
import { makePractice } from '../../../testing/fixtures.ts';
import { renderPart } from '../../../testing/render-app.tsx';
import { PracticeForm } from './practice-form.tsx';

function open(error: unknown = null) {
  const onSave = jest.fn();
  const onReload = jest.fn();
  const view = renderPart(
    <PracticeForm
      practice={makePractice({ language: 'de' })}
      busy={false}
      error={error}
      onSave={onSave}
      onReload={onReload}
      zoneLink={<a href="/hours">Change it with the hours</a>}
    />,
  );
  return { ...view, onSave, onReload };
}

// Not by user-event: it walks through hundreds of zones for every choice.
const choose = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

test('what is chosen is handed on, and what is left to the reader is left out', async () => {
  const { user, onSave } = open();
  choose('Hours', '12');
  choose('The week starts on', '7');
  choose('Language', '');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  expect(onSave).toHaveBeenCalledWith({
    name: 'Miller Practice',
    country: undefined,
    language: undefined,
    hourCycle: 12,
    weekStart: 7,
    secondTimeZone: undefined,
  });
  expect(screen.getByText(/Every time is shown in America.New York/)).toBeInTheDocument();
});

test('a name of nothing is told beside its field and not sent', async () => {
  const { user, onSave } = open();
  await user.clear(screen.getByLabelText('Name'));
  await user.click(screen.getByRole('button', { name: 'Save' }));
  expect(screen.getByLabelText('Name')).toHaveAccessibleDescription('Please fill this in.');
  expect(onSave).not.toHaveBeenCalled();
});

test('changed elsewhere meanwhile: what is typed stays, and the new can be loaded', async () => {
  const { body } = refuse('VERSION_CONFLICT');
  const { user, onReload } = open(new ProblemError(body as ProblemError['problem']));
  await user.type(screen.getByLabelText('Name'), ' and Son');
  expect(screen.getByLabelText('Name')).toHaveValue('Miller Practice and Son');
  await user.click(screen.getByRole('button', { name: 'Load what is there now' }));
  expect(onReload).toHaveBeenCalledTimes(1);
});
