/** A toast: what changed, and perhaps one thing to do about it. */
export type ToastContent = {
  title: string;
  description?: string;
  tone?: 'success' | 'error';
  /** Such as Undo. */
  action?: { label: string; run: () => void };
};

type Wish = { wanted: boolean; listeners: Set<() => void> };
const place: Wish = { wanted: false, listeners: new Set() };
let mounted: () => void = () => undefined;
const isMounted = new Promise<void>((resolve) => (mounted = resolve));

/** Shows a toast for ten seconds. The library comes with the first one, so that the first screen does not carry it. */
export async function showToast(content: ToastContent): Promise<void> {
  place.wanted = true;
  for (const listener of place.listeners) listener();
  const [{ toast }] = await Promise.all([import('sonner'), isMounted]);
  const show = content.tone === 'error' ? toast.error : toast.success;
  show(content.title, {
    ...(content.description === undefined ? {} : { description: content.description }),
    ...(content.action === undefined ? {} : { action: { label: content.action.label, onClick: content.action.run } }),
  });
}

/** For the place where toasts appear: whether there has been one, and how to hear of the first. */
export const toastPlace = {
  isWanted: () => place.wanted,
  subscribe: (listener: () => void) => {
    place.listeners.add(listener);
    return () => place.listeners.delete(listener);
  },
  /** A toast shown before the place is there would be lost; this lets the first one through. */
  reportMounted: () => mounted(),
};
