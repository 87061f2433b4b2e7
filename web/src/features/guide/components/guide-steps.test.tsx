import { screen } from '@testing-library/react';
import { renderPart } from '../../../testing/render-app.tsx';
import { GuideSteps, guideSteps } from './guide-steps.tsx';

const steps = {
  hours: { content: 'set hours' },
  type: { content: 'set a type' },
  calcom: { content: 'test a key', have: 'connected already' },
  booking: { content: 'book' },
};

test('the first open step is unfolded, can be left out, and a done one can be looked at again', async () => {
  const onDone = jest.fn();
  const { user } = renderPart(
    <GuideSteps done={['hours']} steps={steps} busy={false} onDone={onDone} finish={<p>to Today</p>} />,
  );
  expect(screen.getByRole('progressbar')).toHaveAccessibleName('Set up Daybook');
  expect(screen.getByText('set a type')).toBeInTheDocument();
  expect(screen.queryByText('set hours')).not.toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Show again' }));
  expect(screen.getByText('set hours')).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Next step' }));
  expect(onDone).toHaveBeenLastCalledWith('hours');
  await user.click(screen.getByRole('button', { name: 'Leave out' }));
  expect(onDone).toHaveBeenLastCalledWith('type');
});

test('what is there already needs no second doing, and the end leads on', () => {
  const { unmount } = renderPart(
    <GuideSteps
      done={['hours', 'type']}
      steps={steps}
      busy={false}
      onDone={() => undefined}
      finish={<p>to Today</p>}
    />,
  );
  expect(screen.getByText('connected already')).toBeInTheDocument();
  expect(screen.queryByText('test a key')).not.toBeInTheDocument();
  unmount();
  renderPart(
    <GuideSteps done={guideSteps} steps={steps} busy={false} onDone={() => undefined} finish={<p>to Today</p>} />,
  );
  expect(screen.getByText('Daybook is ready')).toBeInTheDocument();
  expect(screen.getByText('to Today')).toBeInTheDocument();
});
