import { render, screen } from '@testing-library/react';
import '@testing-library/jest-dom';
import { StatusMark } from './status-mark.tsx';

test.each(['in_step', 'waiting', 'failed', 'different', 'off'] as const)(
  '%s is an icon with words, never a colour alone',
  (kind) => {
    const { container } = render(<StatusMark kind={kind} word="Word" sentence="the sentence" />);
    expect(container.querySelector('svg')).toHaveAttribute('aria-hidden');
    expect(screen.getByText('Word')).toBeInTheDocument();
    expect(screen.getByText('the sentence')).toHaveClass('sr-only');
  },
);

test('the compact mark keeps its words for hovering and for screen readers', () => {
  const { container } = render(<StatusMark kind="failed" word="Failed" sentence="Cal.com refused it" compact />);
  expect(screen.queryByText('Failed')).not.toBeInTheDocument();
  expect(screen.getByText('Cal.com refused it')).toBeInTheDocument();
  expect(container.querySelector('[data-state=failed]')).toHaveAttribute('title', 'Cal.com refused it');
});
