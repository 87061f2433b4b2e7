import { CalendarPlus, Search } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, IconButton } from '../../ui/button.tsx';
import type { ButtonVariant } from '../../ui/button.tsx';
import { Card, Figures } from '../../ui/card.tsx';
import { Checkbox, FilterPills, RadioCards } from '../../ui/choices.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { TextField } from '../../ui/field.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Segments } from '../../ui/segments.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { SkeletonList } from '../../ui/skeleton.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import type { MarkKind } from '../../ui/status-mark.tsx';
import { showToast } from '../../ui/toast.ts';
import { ToastPlace } from '../../ui/toast-place.tsx';

const grounds = ['paper', 'card', 'sunken', 'line', 'line-strong'];
const inks = ['ink', 'ink-soft', 'accent', 'accent-strong', 'accent-soft', 'on-accent'];
const states = ['good', 'good-soft', 'warn', 'warn-soft', 'bad', 'bad-soft', 'odd', 'odd-soft'];
const variants: readonly ButtonVariant[] = ['primary', 'secondary', 'quiet', 'danger'];
const marks: readonly MarkKind[] = [
  'in_step',
  'waiting',
  'failed',
  'different',
  'off',
  'completed',
  'cancelled',
  'no_show',
];

/** Every small part in both themes, side by side, for those who build with them. Only in development; its words are not translated. */
export function DesignRoute() {
  const [open, setOpen] = useState<'center' | 'panel'>();
  return (
    <main className="mx-auto max-w-[96rem] p-4 md:p-6">
      <title>Design · Daybook</title>
      <h1 className="text-2xl font-semibold tracking-tight">The parts Daybook is made of</h1>
      <p className="mb-4 max-w-prose text-ink-soft">
        Calm paper: warm neutral greys, one deep accent, a state always with an icon or a word. A grid of four pixels.
        Values stand in app/tokens.css, once for light and once for dark; parts use names, never values.
      </p>
      <div className="grid gap-6 xl:grid-cols-2">
        {(['light', 'dark'] as const).map((scheme) => (
          <div
            key={scheme}
            // The tokens choose by color-scheme, so half a page can wear the other theme.
            style={{ colorScheme: scheme }}
            className="min-w-0 rounded-2xl border border-line bg-paper p-4 text-ink md:p-6"
          >
            <h2 className="mb-4 text-lg font-semibold">{scheme}</h2>
            <Parts onOpen={setOpen} />
          </div>
        ))}
      </div>
      {open !== undefined && (
        <Dialog
          title="A dialog"
          description="Focus goes in, stays in and returns."
          closeLabel="Close"
          placement={open}
          onClose={() => setOpen(undefined)}
        >
          <p>On a phone it is a sheet from below.</p>
        </Dialog>
      )}
      <ToastPlace label="Notifications" />
    </main>
  );
}

function Parts(props: { onOpen: (placement: 'center' | 'panel') => void }) {
  const [segment, setSegment] = useState('week');
  const [pill, setPill] = useState('all');
  const [radio, setRadio] = useState('one');
  const [select, setSelect] = useState('a');
  return (
    <div className="flex flex-col gap-6">
      <Shown name="Grounds, inks, states">
        {[grounds, inks, states].map((names) => (
          <ul key={names[0]} className="flex flex-wrap gap-2">
            {names.map((name) => (
              <li key={name} className="flex flex-col items-center gap-1 text-xs">
                <span
                  className="size-12 rounded-lg border border-line"
                  style={{ background: `var(--${name})` }}
                  aria-hidden
                />
                {name}
              </li>
            ))}
          </ul>
        ))}
      </Shown>
      <Shown name="Type">
        <p className="text-3xl font-semibold tracking-tight tabular-nums">10:00 – 10:30</p>
        <p className="text-2xl font-semibold tracking-tight">Heading of a screen</p>
        <p className="text-lg font-semibold tracking-tight">Heading of a part</p>
        <p>Text. Inter, variable, with tabular figures wherever times stand below each other.</p>
        <p className="text-sm text-ink-soft">What explains, smaller and softer.</p>
      </Shown>
      <Shown name="Buttons">
        <div className="flex flex-wrap items-center gap-2">
          {variants.map((variant) => (
            <Button key={variant} variant={variant}>
              {variant}
            </Button>
          ))}
          <Button variant="primary" busy>
            busy
          </Button>
          <Button disabled>disabled</Button>
          <IconButton label="Search">
            <Search aria-hidden className="size-5" />
          </IconButton>
          <Kbd>K</Kbd>
        </div>
      </Shown>
      <Shown name="States, with word and without">
        <div className="flex flex-wrap items-center gap-2">
          {marks.map((kind) => (
            <StatusMark key={kind} kind={kind} word={kind} sentence={kind} />
          ))}
          {marks.map((kind) => (
            <StatusMark key={kind} kind={kind} word={kind} sentence={kind} compact />
          ))}
        </div>
      </Shown>
      <Shown name="Fields">
        <TextField label="Name" placeholder="Ann Lee" hint="A hint below." />
        <TextField label="E-mail" defaultValue="ann@" error="Please enter an e-mail address such as ann@example.org." />
        <SelectField
          label="Choice"
          value={select}
          onChange={setSelect}
          options={[
            { value: 'a', label: 'This' },
            { value: 'b', label: 'That' },
          ]}
        />
        <Checkbox label="Yes or no" hint="What yes means." defaultChecked />
        <RadioCards
          legend="One of a few that need a sentence"
          value={radio}
          onChange={setRadio}
          options={[
            { value: 'one', label: 'One', hint: 'What follows from it.' },
            { value: 'two', label: 'Other', hint: 'What follows from that.' },
          ]}
        />
        <div className="flex flex-wrap items-center gap-3">
          <Segments
            label="View"
            value={segment}
            onChange={setSegment}
            options={['day', 'week', 'month'].map((value) => ({ value, label: value }))}
          />
          <FilterPills
            label="Filter"
            value={pill}
            onChange={setPill}
            options={[
              { value: 'all', label: 'All', count: 12 },
              { value: 'failed', label: 'Failed', count: 1 },
            ]}
          />
        </div>
      </Shown>
      <Shown name="Notices">
        <Notice tone="info">Something to know.</Notice>
        <Notice tone="good">Something that went well.</Notice>
        <Notice tone="warn" title="Something to look at">
          With a sentence about it.
        </Notice>
        <Notice tone="bad">Something that went wrong, and what to do.</Notice>
      </Shown>
      <Shown name="Cards, figures, empty, waiting">
        <Card title="A part of a screen" lead="What it is about." actions={<Button>Do</Button>}>
          <Figures
            items={[
              { label: 'Waiting', value: 3 },
              { label: 'Last success', value: '10:42' },
            ]}
          />
        </Card>
        <EmptyState icon={<CalendarPlus />} title="Nothing here yet" actions={<Button variant="primary">Begin</Button>}>
          Why, and what to do next.
        </EmptyState>
        <SkeletonList rows={2} label="Loading" />
      </Shown>
      <Shown name="Over the page">
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => props.onOpen('center')}>Dialog</Button>
          <Button onClick={() => props.onOpen('panel')}>Panel</Button>
          <Button
            onClick={() => showToast({ title: 'Moved Ann Lee', action: { label: 'Undo', run: () => undefined } })}
          >
            Toast
          </Button>
        </div>
      </Shown>
    </div>
  );
}

function Shown(props: { name: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-3" aria-label={props.name}>
      <h3 className="text-sm font-medium text-ink-soft">{props.name}</h3>
      {props.children}
    </section>
  );
}
