import { BlockList, isIP } from 'node:net';

/** Which addresses a connection may have. */
export type AddressRules = {
  /** The operator's own address from the environment: trusted as exactly this origin. */
  trustedUrl: string | undefined;
  /** Host names or addresses the operator permits besides public https ones, with or without `:port`. */
  allowedHosts: readonly string[];
  /** When set, no other origin is ever connected: the demo practice works with its stand-in alone. */
  onlyOrigin?: string | undefined;
};

const metadataNames = new Set(['metadata.google.internal', 'metadata.goog', 'metadata', 'instance-data']);

const metadataAddresses = new BlockList();
metadataAddresses.addSubnet('169.254.0.0', 16, 'ipv4');
for (const address of ['100.100.100.200', '168.63.129.16', '192.0.0.192'])
  metadataAddresses.addAddress(address, 'ipv4');
metadataAddresses.addAddress('fd00:ec2::254', 'ipv6');

const notPublic = new BlockList();
const privateNetworks: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
for (const [network, bits] of privateNetworks) notPublic.addSubnet(network, bits, 'ipv4');
/** Of IPv6 only global unicast is public, without documentation and the ways to wrap an IPv4 address. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  notPublic.addSubnet(network, bits, 'ipv6');
}

/** Why an address may not be used, in words; undefined if it may. Addresses of cloud metadata are never used. */
export function refuseAddress(address: string, rules: AddressRules): string | undefined {
  if (!URL.canParse(address)) return 'This is not an address.';
  const url = new URL(address);
  const host = bareHost(url);
  if (metadataNames.has(host) || isMetadata(host)) return 'This address is never used.';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'Only https addresses can be used.';
  if (rules.onlyOrigin && new URL(rules.onlyOrigin).origin !== url.origin) {
    return 'This practice works with its built-in Cal.com stand-in alone.';
  }
  if (isTrusted(url, rules)) return undefined;
  if (url.username !== '' || url.password !== '') return 'The address must not hold a name or a password.';
  if (url.protocol !== 'https:') return 'Only https addresses can be used.';
  return isPublicName(host) ? undefined : 'Only public addresses can be used.';
}

/** Which network addresses may be connected to for a URL that passed refuseAddress: asked at every connect. */
export function mayConnectTo(url: URL, rules: AddressRules): (networkAddress: string) => boolean {
  const trusted = isTrusted(url, rules);
  return (networkAddress) => !isMetadata(networkAddress) && (trusted || isPublicAddress(networkAddress));
}

/** The operator's own origin, or a host the operator permits. */
function isTrusted(url: URL, { trustedUrl, allowedHosts }: AddressRules): boolean {
  if (trustedUrl && new URL(trustedUrl).origin === url.origin) return true;
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const names = [url.hostname, bareHost(url)];
  return names.some((name) => allowedHosts.includes(name) || allowedHosts.includes(`${name}:${port}`));
}

/** Names inside a network and bare IP addresses are not public. */
function isPublicName(host: string): boolean {
  if (isIP(host) !== 0) return false;
  return host.includes('.') && !/\.(local|localhost|internal|lan|home|arpa)\.?$/.test(host);
}

/** Whether an IP address is one of the open internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !notPublic.check(address, 'ipv4');
  return family === 6 && globalUnicast.check(address, 'ipv6') && !notPublic.check(address, 'ipv6');
}

function isMetadata(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && metadataAddresses.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** The host without the brackets of IPv6. */
function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
}
