import { screen, waitFor } from '@testing-library/react';
import { answerRequests } from '../../../testing/fetch-double.ts';
import { makePractice } from '../../../testing/fixtures.ts';
import { renderPart } from '../../../testing/render-app.tsx';
import { GuideSteps, guideSteps } from './guide-steps.tsx';
import { ResumeGuide } from './resume-guide.tsx';

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

test('Today leads back to an open guide until somebody puts it away', async () => {
  let practice = makePractice({ guideStepsDone: ['hours'], country: 'LU' });
  const double = answerRequests({
    'GET /api/practice': () => ({ body: practice }),
    'PUT /api/practice': ({ body }) => {
      practice = { ...practice, ...(body as object), version: 5 };
      return { body: practice };
    },
  });
  const { user } = renderPart(<ResumeGuide />);
  expect(await screen.findByText(/1 of 4 steps done/)).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'Go on' })).toHaveAttribute('href', '/guide');
  await user.click(screen.getByRole('button', { name: 'Put the guide away' }));
  await waitFor(() => expect(screen.queryByText(/steps done/)).not.toBeInTheDocument());
  const [call] = double.callsTo('PUT /api/practice');
  expect(call?.headers['If-Match']).toBe('"4"');
  expect(call?.body).toEqual({ name: 'Miller Practice', country: 'LU', guideStepsDone: [...guideSteps] });
});
