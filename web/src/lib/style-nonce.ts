/**
 * The nonce the gateway put into index.html for style elements; undefined in development and tests.
 * Browsers hide the attribute of `<meta property="csp-nonce">` from scripts' getAttribute but keep the property.
 */
export function readStyleNonce(): string | undefined {
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;
  return nonce === undefined || nonce === '' || nonce.startsWith('__') ? undefined : nonce;
}

/** Lets libraries that ask `get-nonce` (react-remove-scroll under the Radix dialogs) mark their style elements. */
export function installStyleNonce(): void {
  const nonce = readStyleNonce();
  // `get-nonce` documents this global; using it needs no import of a package that is not ours.
  if (nonce !== undefined) (globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = nonce;
}
