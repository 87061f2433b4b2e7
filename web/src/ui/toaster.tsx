import { useEffect } from 'react';
import { Toaster as Sonner } from 'sonner';
import 'sonner/dist/styles.css';
import { toastPlace } from './toast.ts';

/** Where toasts appear. Their time stands still while the pointer or the focus is on them; Alt+T reaches them. */
export function Toaster(props: { label: string }) {
  useEffect(() => toastPlace.reportMounted(), []);
  return (
    <div
      onPointerMove={() => toastPlace.hold('pointer')}
      onPointerLeave={() => toastPlace.release('pointer')}
      onFocus={() => toastPlace.hold('focus')}
      onBlur={() => toastPlace.release('focus')}
    >
      <Sonner
        position="bottom-center"
        duration={Infinity}
        containerAriaLabel={props.label}
        mobileOffset={{ bottom: 72 }}
        toastOptions={{
          classNames: {
            // Undo must be within reach while a dialog is open, which makes the rest of the page deaf.
            toast:
              '!pointer-events-auto !bg-card !text-ink !border-line !shadow-panel !rounded-xl !font-sans !w-[min(28rem,calc(100vw-2rem))]',
            title: '!text-sm',
            description: '!text-ink-soft',
            actionButton: '!bg-accent !text-on-accent !rounded-md !h-8 !px-3 !shrink-0',
          },
        }}
      />
    </div>
  );
}
