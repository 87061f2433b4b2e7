/** The query of the address now. */
export function useSearchParams() {
  return new URLSearchParams(globalThis.location?.search ?? '');
}

/** The four calls @calcom/atoms makes, on the browser's own history. */
export function useRouter() {
  return {
    push: (address) => globalThis.location.assign(address),
    replace: (address) => globalThis.location.replace(address),
    back: () => globalThis.history.back(),
    refresh: () => globalThis.location.reload(),
  };
}

/** The path of the address now. */
export function usePathname() {
  return globalThis.location?.pathname ?? '/';
}
