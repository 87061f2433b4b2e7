import { useCallback } from 'react';
import { useNavigate, useLocation } from 'react-router';

/**
 * The panels over a screen stand in the address, so that they can be linked to and the back button closes them:
 * `?appointment=<id>` details (with `&ask=cancel` asking whether to cancel), `?move=<id>` another time, `?book=<instant or now>&minutes=<length>&customer=<id>&with=<provider>` a booking,
 * for a known customer.
 */
export function usePanels() {
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const parameters = new URLSearchParams(search);

  const show = useCallback(
    (panel: Readonly<Record<string, string>>) => {
      const next = new URLSearchParams(window.location.search);
      for (const name of panelNames) next.delete(name);
      for (const [name, value] of Object.entries(panel)) next.set(name, value);
      const text = next.toString();
      void navigate({ pathname: window.location.pathname, search: text === '' ? '' : `?${text}` });
    },
    [navigate],
  );
  const minutes = Number(parameters.get('minutes') ?? '');
  return {
    pathname,
    appointment: parameters.get('appointment') ?? undefined,
    /** Whether the details begin with the question whether to cancel. */
    askCancel: parameters.get('ask') === 'cancel',
    move: parameters.get('move') ?? undefined,
    book: parameters.get('book') ?? undefined,
    customer: parameters.get('customer') ?? undefined,
    provider: parameters.get('with') ?? undefined,
    minutes: Number.isInteger(minutes) && minutes > 0 ? minutes : undefined,
    openAppointment: useCallback((id: string) => show({ appointment: id }), [show]),
    openCancel: useCallback((id: string) => show({ appointment: id, ask: 'cancel' }), [show]),
    openMove: useCallback((id: string) => show({ move: id }), [show]),
    openBooking: useCallback(
      (start?: string, length?: number, customerId?: string, providerId?: string) =>
        show({
          book: start ?? 'now',
          ...(length === undefined ? {} : { minutes: String(length) }),
          ...(customerId === undefined ? {} : { customer: customerId }),
          ...(providerId === undefined ? {} : { with: providerId }),
        }),
      [show],
    ),
    close: useCallback(() => show({}), [show]),
  };
}

const panelNames = ['appointment', 'ask', 'move', 'book', 'minutes', 'customer', 'with'];

/** Whether an address has a panel open. */
export function namesPanel(search: string): boolean {
  const parameters = new URLSearchParams(search);
  return panelNames.some((name) => parameters.has(name));
}
