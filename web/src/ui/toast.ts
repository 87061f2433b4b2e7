/** A toast: what changed, and perhaps one thing to do about it. */
export type ToastContent = {
  title: string;
  description?: string;
  tone?: 'success' | 'error';
  /** Such as Undo; `key` is the shortcut that does the same. */
  action?: { label: string; key?: string; run: () => void };
  /** Called once when it has gone, whoever closed it. */
  onGone?: () => void;
};

/** How long a toast stays when nobody holds it. */
const stayMs = 10_000;

type Wish = { wanted: boolean; listeners: Set<() => void> };
const place: Wish = { wanted: false, listeners: new Set() };
let mounted: () => void = () => undefined;
const isMounted = new Promise<void>((resolve) => (mounted = resolve));

type Open = { id: string; left: number; since: number; timer: ReturnType<typeof setTimeout> | undefined };
const open = new Map<string, Open>();
/** What rests on the toasts at the moment. */
const resting = new Set<'pointer' | 'focus'>();
let count = 0;

/**
 * Shows a toast for ten seconds, not counting the time in which the pointer or the focus is on the toasts. The library comes with the
 * first one, so that the first screen does not carry it. Answers the function that closes it.
 */
export function showToast(content: ToastContent): () => void {
  const id = `toast-${++count}`;
  const toast: Open = { id, left: stayMs, since: Date.now(), timer: undefined };
  open.set(id, toast);
  if (resting.size === 0) run(toast);
  place.wanted = true;
  for (const listener of place.listeners) listener();
  void draw(id, content);
  return () => close(id);
}

/** For the place where toasts appear: whether there has been one, how to hear of the first, and who holds the clock. */
export const toastPlace = {
  isWanted: () => place.wanted,
  subscribe: (listener: () => void) => {
    place.listeners.add(listener);
    return () => place.listeners.delete(listener);
  },
  /** A toast shown before the place is there would be lost; this lets the first one through. */
  reportMounted: () => mounted(),
  /** The pointer or the focus is on the toasts: the time stands still. */
  hold: (by: 'pointer' | 'focus') => {
    resting.add(by);
    for (const toast of open.values()) {
      if (toast.timer === undefined) continue;
      clearTimeout(toast.timer);
      toast.timer = undefined;
      toast.left -= Date.now() - toast.since;
    }
  },
  /** It has left them: the time goes on unless the other is still there. */
  release: (by: 'pointer' | 'focus') => {
    if (resting.delete(by) && resting.size === 0) for (const toast of open.values()) run(toast);
  },
};

const gone = new Map<string, () => void>();

async function draw(id: string, content: ToastContent): Promise<void> {
  if (content.onGone !== undefined) gone.set(id, content.onGone);
  const [{ toast }] = await Promise.all([import('sonner'), isMounted]);
  if (!open.has(id)) return;
  const { action } = content;
  const show = content.tone === 'error' ? toast.error : toast.success;
  show(content.title, {
    id,
    duration: Infinity,
    onDismiss: () => forget(id),
    ...(content.description === undefined ? {} : { description: content.description }),
    ...(action === undefined
      ? {}
      : {
          action: {
            label: action.key === undefined ? action.label : `${action.label} (${action.key})`,
            onClick: action.run,
          },
        }),
  });
}

function run(toast: Open): void {
  clearTimeout(toast.timer);
  toast.since = Date.now();
  toast.timer = setTimeout(() => close(toast.id), Math.max(0, toast.left));
}

function close(id: string): void {
  forget(id);
  void import('sonner').then(({ toast }) => toast.dismiss(id));
}

function forget(id: string): void {
  const toast = open.get(id);
  if (toast === undefined) return;
  clearTimeout(toast.timer);
  open.delete(id);
  // Whatever rested on it has nothing to leave any more and would hold all later ones; on another one it tells by its next move.
  toastPlace.release('pointer');
  toastPlace.release('focus');
  const tell = gone.get(id);
  gone.delete(id);
  tell?.();
}
