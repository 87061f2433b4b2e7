import { screen, waitFor } from '@testing-library/react';
import { guideSteps } from '../features/guide/components/guide-steps.tsx';
import { answerRequests } from '../testing/fetch-double.ts';
import { makePractice } from '../testing/fixtures.ts';
import { renderPart } from '../testing/render-app.tsx';
import { ResumeGuide } from './resume-guide.tsx';

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
