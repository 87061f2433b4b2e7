/** A toast: what changed, and perhaps one thing to do about it. */
export type ToastContent = {
  title: string;
  description?: string;
  tone?: 'success' | 'error';
  /** Such as Undo. */
  action?: { label: string; run(): void };
};

/** Shows a toast for ten seconds. The library comes with the first one, so that the first screen does not carry it. */
export async function showToast(content: ToastContent): Promise<void> {
  const { toast } = await import('sonner');
  const show = content.tone === 'error' ? toast.error : toast.success;
  show(content.title, {
    ...(content.description === undefined ? {} : { description: content.description }),
    ...(content.action === undefined ? {} : { action: { label: content.action.label, onClick: content.action.run } }),
  });
}
