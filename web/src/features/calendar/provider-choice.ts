const storageKey = 'daybook.provider';

/** Whose calendar was looked at last in this browser; empty for everybody's. */
export function rememberedProvider(): string {
  try {
    return window.localStorage.getItem(storageKey) ?? '';
  } catch {
    return '';
  }
}

/** Remembers whose calendar is looked at; empty for everybody's. */
export function rememberProvider(id: string): void {
  try {
    if (id === '') window.localStorage.removeItem(storageKey);
    else window.localStorage.setItem(storageKey, id);
  } catch {
    // Storage is off: the address alone holds it.
  }
}
