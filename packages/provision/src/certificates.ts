import {
  X509Certificate,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { bits, element, identifier, octets, positiveInteger, sequence, set, time, utf8, yes } from './der.ts';

/** A certificate and its key, both PEM. */
export type KeyPair = { certificate: string; key: string };

const dayMs = 86_400_000;
/** Clocks of peers may differ. */
const toleratedSkewMs = 5 * 60_000;
const authorityDays = 3650;
const leafDays = 1095;
/** With less than this left a leaf is made anew; every upgrade looks. */
const renewBelowDays = 730;

const ecdsaWithSha256 = sequence(identifier('1.2.840.10045.4.3.2'));
const commonName = (name: string): Buffer => sequence(set(sequence(identifier('2.5.4.3'), utf8(name))));
const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
  sequence(identifier(id), ...(critical ? [yes()] : []), octets(value));

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function keyIdentifier(publicKey: KeyObject): Buffer {
  return createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
}

/** An address is a name too: nine bytes that all stand for themselves. */
function encodeName(name: string): Buffer {
  if (isIP(name) === 4) return element(0x87, Buffer.from(name.split('.').map(Number)));
  if (isIP(name) !== 0) throw new Error(`Only IPv4 addresses can be put in a certificate, not ${name}.`);
  return element(0x82, Buffer.from(name, 'ascii'));
}

type Request = {
  subject: string;
  issuer: string;
  publicKey: KeyObject;
  signingKey: KeyObject;
  days: number;
  now: Date;
  extensions: Buffer[];
};

function signCertificate(request: Request): string {
  const from = new Date(request.now.getTime() - toleratedSkewMs);
  const until = new Date(request.now.getTime() + request.days * dayMs);
  const body = sequence(
    element(0xa0, positiveInteger(Buffer.from([2]))),
    positiveInteger(randomBytes(16)),
    ecdsaWithSha256,
    commonName(request.issuer),
    sequence(time(from), time(until)),
    commonName(request.subject),
    request.publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, sequence(...request.extensions)),
  );
  const signature = sign('sha256', body, request.signingKey);
  return pem('CERTIFICATE', sequence(body, ecdsaWithSha256, bits(signature)));
}

const makeKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const exportKey = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** A certificate authority of one's own, good for ten years, that can sign leaves and nothing below them. */
export function makeAuthority(name: string, now: Date): KeyPair {
  const { publicKey, privateKey } = makeKeys();
  const certificate = signCertificate({
    ...{ subject: name, issuer: name, publicKey, signingKey: privateKey, days: authorityDays, now },
    extensions: [
      extension('2.5.29.19', true, sequence(yes(), positiveInteger(Buffer.from([0])))),
      // keyCertSign and cRLSign.
      extension('2.5.29.15', true, bits(Buffer.from([0b0000_0110]), 1)),
      extension('2.5.29.14', false, octets(keyIdentifier(publicKey))),
    ],
  });
  return { certificate, key: exportKey(privateKey) };
}

/** A certificate for one process, as server and as client, under the given names (DNS or IPv4); good for three years. */
export function makeLeaf(authority: KeyPair, names: readonly [string, ...string[]], now: Date): KeyPair {
  const { publicKey, privateKey } = makeKeys();
  const authorityKey = createPrivateKey(authority.key);
  const issuer = new X509Certificate(authority.certificate).subject.replace(/^CN=/, '');
  const certificate = signCertificate({
    ...{ subject: names[0].slice(0, 64), issuer, publicKey, signingKey: authorityKey, days: leafDays, now },
    extensions: [
      extension('2.5.29.19', true, sequence()),
      // digitalSignature.
      extension('2.5.29.15', true, bits(Buffer.from([0b1000_0000]), 7)),
      // serverAuth and clientAuth.
      extension('2.5.29.37', false, sequence(identifier('1.3.6.1.5.5.7.3.1'), identifier('1.3.6.1.5.5.7.3.2'))),
      extension('2.5.29.17', false, sequence(...names.map(encodeName))),
      extension('2.5.29.14', false, octets(keyIdentifier(publicKey))),
      extension('2.5.29.35', false, sequence(element(0x80, keyIdentifier(createPublicKey(authorityKey))))),
    ],
  });
  return { certificate, key: exportKey(privateKey) };
}

/** Whether a leaf can go on being used: of this authority, for all these names, and long enough from now. */
export function isStillGood(leaf: string, authority: string, names: readonly string[], now: Date): boolean {
  const certificate = new X509Certificate(leaf);
  const issuer = new X509Certificate(authority);
  const left = certificate.validToDate.getTime() - now.getTime();
  const covers = names.every((name) => (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)));
  return left > renewBelowDays * dayMs && covers && certificate.verify(issuer.publicKey);
}
