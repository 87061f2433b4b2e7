import { ADDRESS_NOT_ALLOWED } from '../targets/calcom/pinned-lookup.ts';

/** The step of a connection test that a network error belongs to, and what it means in words. */
export type NetworkFault = { step: 'name_lookup' | 'tls' | 'reachable'; words: string; notAllowed: boolean };

const unknownChain =
  'The certificate of this server was signed by an authority that is not known here, or comes without those above it.';

const tlsWords: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'The certificate of this server has expired. Whoever runs it must renew it.',
  CERT_NOT_YET_VALID:
    'The certificate of this server is not valid yet. Check the clock of that server and of this one.',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'The certificate of this server is self-made. Use one that a known authority signed, or have the operator name it in NODE_EXTRA_CA_CERTS.',
  SELF_SIGNED_CERT_IN_CHAIN:
    'The certificate of this server was signed by an authority nobody knows. Have the operator name that authority in NODE_EXTRA_CA_CERTS.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownChain,
  UNABLE_TO_GET_ISSUER_CERT: unknownChain,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownChain,
  INVALID_PURPOSE: 'The certificate of this server is not one for a server.',
  CERT_UNTRUSTED: 'The certificate of this server is not trusted here.',
  CERT_REVOKED: 'The certificate of this server was revoked.',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'The certificate of this server is for another name. Check the address for a typing mistake.',
  EPROTO: 'This server does not speak https at this port. Check the port, or use http if the operator permits it.',
};

const nameWords: Readonly<Record<string, string>> = {
  ENOTFOUND: 'There is no host of this name. Check the address for a typing mistake.',
  ENODATA: 'There is no host of this name. Check the address for a typing mistake.',
  EAI_AGAIN: 'The name could not be looked up just now. Try again in a moment; if it stays, check this server’s DNS.',
};

const reachWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens at this address and port. Check the port, and whether Cal.com runs.',
  ECONNRESET: 'The server closed the connection without an answer.',
  EPIPE: 'The server closed the connection without an answer.',
  EHOSTUNREACH: 'There is no way to this server from here. A firewall may be in between.',
  ENETUNREACH: 'There is no way to this server from here. A firewall may be in between.',
  ETIMEDOUT: 'The server did not answer in time. A firewall may be in between.',
};

/** What a network error says; its own text is not repeated. */
export function explainNetworkFault(error: unknown): NetworkFault {
  const code = codeOf(error);
  if (code === ADDRESS_NOT_ALLOWED) {
    return { step: 'name_lookup', words: 'This name leads to an address that may not be used.', notAllowed: true };
  }
  const name = nameWords[code];
  if (name) return { step: 'name_lookup', words: name, notAllowed: false };
  const tls = tlsWords[code] ?? (/^ERR_(SSL|TLS)_/.test(code) ? handshakeWords(code) : undefined);
  if (tls) return { step: 'tls', words: tls, notAllowed: false };
  const words = reachWords[code] ?? 'The server did not answer in time, or not as a web server does.';
  return { step: 'reachable', words, notAllowed: false };
}

function handshakeWords(code: string): string {
  if (/WRONG_VERSION|PACKET_LENGTH|HTTP_REQUEST/.test(code)) return tlsWords['EPROTO'] ?? '';
  return 'No secure connection could be agreed on with this server; its TLS may be too old.';
}

function codeOf(error: unknown): string {
  for (let current = error, depth = 0; typeof current === 'object' && current !== null && depth < 6; depth += 1) {
    const { code, errors, cause } = current as { code?: unknown; errors?: unknown; cause?: unknown };
    if (typeof code === 'string') return code;
    current = Array.isArray(errors) && errors.length > 0 ? (errors[0] as unknown) : cause;
  }
  return '';
}
