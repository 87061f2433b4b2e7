import { useLayoutEffect, useSyncExternalStore } from 'react';
import { useLocation, useNavigate } from 'react-router';

/**
 * The panels over a screen stand in the address, so that they can be linked to and the back button closes them:
 * `?appointment=<id>` details (with `&ask=cancel` asking whether to cancel), `?move=<id>` another time, `?book=<instant or now>&minutes=<length>&customer=<id>&with=<provider>` a booking,
 * for a known customer.
 */
export type Panel = Readonly<{ [Name in (typeof panelNames)[number]]?: string }>;

const panelNames = ['appointment', 'ask', 'move', 'book', 'minutes', 'customer', 'with'] as const;

/**
 * What was asked for at a place, before the address says it. A new address makes all that looks at one draw itself anew, a full calendar
 * above all: the panel answers first, and the address follows once it is seen.
 */
let asked: { panel: Panel; at: string } | undefined;
let place = { key: '', go: (_search: string): void => undefined };
const listeners = new Set<() => void>();

function show(panel: Panel): void {
  const mine = (asked = { panel, at: place.key });
  for (const listener of listeners) listener();
  const follow = () => {
    // Whoever has gone elsewhere meanwhile, or asked for something else, is not led back.
    if (mine !== asked || mine.at !== place.key) return;
    const next = new URLSearchParams(window.location.search);
    for (const name of panelNames) next.delete(name);
    for (const [name, value] of Object.entries(panel)) next.set(name, value);
    place.go(next.toString());
  };
  if (document.hidden) follow();
  else requestAnimationFrame(() => setTimeout(follow));
}

/** The details of an appointment. */
export const openAppointment = (id: string): void => show({ appointment: id });

/** The details of an appointment with the question whether to cancel it. */
export const openCancel = (id: string): void => show({ appointment: id, ask: 'cancel' });

/** Another time for an appointment. */
export const openMove = (id: string): void => show({ move: id });

/** A booking, with whatever is known of it. */
export const openBooking = (start?: string, length?: number, customer?: string, provider?: string): void =>
  show({
    book: start ?? 'now',
    ...(length && { minutes: String(length) }),
    ...(customer && { customer }),
    ...(provider && { with: provider }),
  });

/** Nothing but the screen. */
export const closePanels = (): void => show({});

/** Lets the address follow what is opened and closed; rendered once, around every screen. */
export function PanelAddress(): null {
  const navigate = useNavigate();
  const { key, pathname } = useLocation();
  useLayoutEffect(() => {
    // Used up: the back button comes to the same place once more.
    if (asked !== undefined && asked.at !== key) asked.at = '';
    place = { key, go: (search) => void navigate({ pathname, search: search && `?${search}` }) };
  }, [key, pathname, navigate]);
  return null;
}

/** What is open over the screen. */
export function useOpenPanel(): Panel {
  const { key, search } = useLocation();
  const ahead = useSyncExternalStore(
    (notify) => {
      listeners.add(notify);
      return () => listeners.delete(notify);
    },
    () => asked,
  );
  if (ahead?.at === key) return ahead.panel;
  return Object.fromEntries([...new URLSearchParams(search)].filter(([name]) => panelNames.includes(name as 'ask')));
}
