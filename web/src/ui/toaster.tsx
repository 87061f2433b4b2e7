import { useEffect } from 'react';
import { Toaster as Sonner } from 'sonner';
import 'sonner/dist/styles.css';
import { toastPlace } from './toast.ts';

/** Where toasts appear. They wait while the pointer or the focus is on them, and Alt+T reaches them. */
export function Toaster(props: { label: string }) {
  useEffect(() => toastPlace.reportMounted(), []);
  return (
    <Sonner
      position="bottom-center"
      duration={10_000}
      containerAriaLabel={props.label}
      toastOptions={{
        classNames: {
          toast: '!bg-card !text-ink !border-line !shadow-panel !rounded-xl !font-sans',
          description: '!text-ink-soft',
          actionButton: '!bg-accent !text-on-accent !rounded-md !h-8 !px-3',
        },
      }}
    />
  );
}
