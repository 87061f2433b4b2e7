import { isIP } from 'node:net';

/** Which addresses a connection may have. */
export type AddressRules = {
  /** The operator's own address from the environment: trusted as exactly this origin. */
  trustedUrl: string | undefined;
  /** Host names the operator permits besides public https ones. */
  allowedHosts: readonly string[];
};

const metadataHosts = new Set(['169.254.169.254', '[fd00:ec2::254]', 'metadata.google.internal', '100.100.100.200']);

/** Why an address may not be used, in words; undefined if it may. Addresses of cloud metadata are never used. */
export function refuseAddress(address: string, rules: AddressRules): string | undefined {
  if (!URL.canParse(address)) return 'This is not an address.';
  const url = new URL(address);
  if (metadataHosts.has(url.hostname) || url.hostname.startsWith('169.254.')) return 'This address is never used.';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'Only https addresses can be used.';
  if (rules.trustedUrl && new URL(rules.trustedUrl).origin === url.origin) return undefined;
  if (rules.allowedHosts.includes(url.hostname)) return undefined;
  if (url.protocol !== 'https:') return 'Only https addresses can be used.';
  return isPublicName(url.hostname) ? undefined : 'Only public addresses can be used.';
}

/** Names inside a network and bare IP addresses are not public. */
function isPublicName(hostname: string): boolean {
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return false;
  return hostname.includes('.') && !/\.(local|localhost|internal|lan|home|arpa)$/.test(hostname);
}
