import { screen } from '@testing-library/react';
import { setShortcutsOn } from '../../lib/shortcut-setting.ts';
import { renderPart } from '../../testing/render-app.tsx';
import { ShortcutSheet } from './components/shortcut-sheet.tsx';
import { useShortcuts } from './use-shortcuts.ts';

afterEach(() => setShortcutsOn(true));

function open(part: { paused?: boolean; dialog?: boolean } = {}) {
  const pressed: string[] = [];
  function Screen() {
    const shortcuts = { c: () => void pressed.push('c'), '?': () => void pressed.push('?'), ArrowRight: arrow };
    useShortcuts(shortcuts, part.paused === true, () => void pressed.push('palette'));
    return (
      <main tabIndex={-1}>
        <input aria-label="Field" />
        <button>Button</button>
        {part.dialog === true && <div role="dialog" aria-label="Open" />}
      </main>
    );
  }
  const arrow = () => void pressed.push('right');
  return { ...renderPart(<Screen />), pressed };
}

test('single keys work where nothing else wants them, capital or not', async () => {
  const { user, pressed } = open();
  await user.keyboard('c?C{ArrowRight}y');
  expect(pressed).toEqual(['c', '?', 'c', 'right']);
});

test('a field keeps its letters, a button its arrows, and other modifiers belong to the browser', async () => {
  const { user, pressed } = open();
  await user.click(screen.getByLabelText('Field'));
  await user.keyboard('c?');
  expect(screen.getByLabelText('Field')).toHaveValue('c?');
  await user.click(screen.getByRole('button', { name: 'Button' }));
  await user.keyboard('{ArrowRight}{Alt>}c{/Alt}{Control>}c{/Control}{Meta>}c{/Meta}');
  expect(pressed).toEqual([]);
});

test.each([{ dialog: true }, { paused: true }])('nothing happens while something is open: %j', async (part) => {
  const { user, pressed } = open(part);
  await user.keyboard('c?');
  expect(pressed).toEqual([]);
});

test('switched off in the sheet, only the palette keeps its keys', async () => {
  const sheet = renderPart(
    <ShortcutSheet
      groups={[{ title: 'Everywhere', lines: [{ name: 'New appointment', keys: ['C'] }] }]}
      onClose={() => undefined}
    />,
  );
  expect(screen.getByText('New appointment').nextElementSibling).toHaveTextContent('C');
  await sheet.user.click(screen.getByRole('button', { name: 'Switch off' }));
  expect(screen.getByRole('status')).toHaveTextContent('Single keys are switched off in this browser');
  sheet.unmount();

  const { user, pressed } = open();
  await user.keyboard('c?{ArrowRight}{Control>}k{/Control}{Meta>}k{/Meta}');
  expect(pressed).toEqual(['palette', 'palette']);
});
