import type { PublicSigningKey, SigningKeyring } from './signing-keyring.ts';

/** The public keys that verify access tokens, the current one first. */
export function listSigningKeys(deps: { keyring: SigningKeyring }): () => Promise<PublicSigningKey[]> {
  return () => deps.keyring.publicKeys();
}
