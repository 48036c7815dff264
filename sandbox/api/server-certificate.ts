import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import * as der from './der.ts';

export interface ServerCertificate {
  readonly caPem: string;
  readonly certPem: string;
  readonly keyPem: string;
}

const YEAR_MS = 365 * 24 * 3_600_000;
const HOUR_MS = 3_600_000;

const ECDSA_WITH_SHA256 = der.sequence(der.identifier('1.2.840.10045.4.3.2'));
const COMMON_NAME = '2.5.4.3';
const BASIC_CONSTRAINTS = '2.5.29.19';
const KEY_USAGE = '2.5.29.15';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const SUBJECT_ALT_NAME = '2.5.29.17';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/** Bits of KeyUsage in DER's order: the first bit is the highest. */
const SIGN_CERTIFICATES = { byte: 0b0000_0100, unused: 2 };
const DIGITAL_SIGNATURE = { byte: 0b1000_0000, unused: 7 };

interface Subject {
  readonly name: string;
  readonly serial: number;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
}

/**
 * A certificate authority of one's own and a server certificate by it for this machine's loopback names (X.509 v3, P-256).
 * TLS checks it against the real time, so that is what its validity counts from. The CA's key is forgotten at once.
 */
export function createServerCertificate(): ServerCertificate {
  const ca = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const caName = 'krateyard-sandbox-ca';
  const issuer = { name: caName, key: ca.privateKey };
  const caPem = certificate(issuer, {
    name: caName,
    serial: 1,
    publicKey: ca.publicKey,
    extensions: CA_EXTENSIONS,
  });
  const certPem = certificate(issuer, {
    name: 'kube-apiserver',
    serial: 2,
    publicKey: server.publicKey,
    extensions: SERVER_EXTENSIONS,
  });
  return { caPem, certPem, keyPem: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function certificate(issuer: { name: string; key: KeyObject }, subject: Subject): string {
  const now = Date.now();
  const body = der.sequence(
    der.explicit(0, der.smallInteger(2)),
    der.smallInteger(subject.serial),
    ECDSA_WITH_SHA256,
    distinguishedName(issuer.name),
    der.sequence(der.time(new Date(now - HOUR_MS)), der.time(new Date(now + YEAR_MS))),
    distinguishedName(subject.name),
    subject.publicKey.export({ type: 'spki', format: 'der' }),
    der.explicit(3, der.sequence(...subject.extensions)),
  );
  const signature = sign('sha256', body, issuer.key);
  return pem(der.sequence(body, ECDSA_WITH_SHA256, der.bits(signature)));
}

function distinguishedName(commonName: string): Buffer {
  return der.sequence(der.set(der.sequence(der.identifier(COMMON_NAME), der.utf8(commonName))));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return der.sequence(der.identifier(id), ...(critical ? [der.boolean(true)] : []), der.octets(value));
}

function keyUsage({ byte, unused }: { byte: number; unused: number }): Buffer {
  return extension(KEY_USAGE, true, der.bits(Buffer.from([byte]), unused));
}

const CA_EXTENSIONS = [
  extension(BASIC_CONSTRAINTS, true, der.sequence(der.boolean(true))),
  keyUsage(SIGN_CERTIFICATES),
];

const DNS_NAME = 2;
const IP_ADDRESS = 7;

const SERVER_EXTENSIONS = [
  extension(BASIC_CONSTRAINTS, true, der.sequence()),
  keyUsage(DIGITAL_SIGNATURE),
  extension(EXTENDED_KEY_USAGE, false, der.sequence(der.identifier(SERVER_AUTH))),
  extension(
    SUBJECT_ALT_NAME,
    false,
    der.sequence(
      der.implicit(DNS_NAME, Buffer.from('localhost')),
      der.implicit(DNS_NAME, Buffer.from('kubernetes.default.svc')),
      der.implicit(IP_ADDRESS, Buffer.from([127, 0, 0, 1])),
    ),
  ),
];

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
