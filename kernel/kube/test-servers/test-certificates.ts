import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

export interface KeyAndCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface TestCertificates {
  readonly ca: string;
  /** For 127.0.0.1, localhost and `kube.test`. */
  readonly server: KeyAndCertificate;
  readonly client: KeyAndCertificate;
}

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const DAY_MS = 24 * 3_600_000;

/** A CA of its own and two leaves by it: X.509 v3 on P-256, good from yesterday until tomorrow. */
export function createTestCertificates(): TestCertificates {
  const ca = newKeys();
  return {
    ca: certificate(ca, 'test-ca', ca, [extension('551d13', sequence(der(0x01, Buffer.from([0xff]))))]),
    server: leaf(ca, 'kube-apiserver'),
    client: leaf(ca, 'tester'),
  };
}

function leaf(ca: KeyPair, name: string): KeyAndCertificate {
  const keys = newKeys();
  const names = sequence(
    der(0x87, Buffer.from([127, 0, 0, 1])),
    ...['localhost', 'kube.test'].map((host) => der(0x82, Buffer.from(host))),
  );
  return {
    cert: certificate(ca, name, keys, [extension('551d11', names)]),
    key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function newKeys(): KeyPair {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

/** The structure of RFC 5280, section 4.1, signed with ECDSA and SHA-256. */
function certificate(ca: KeyPair, name: string, keys: KeyPair, extensions: readonly Buffer[]): string {
  const algorithm = sequence(der(0x06, Buffer.from('2a8648ce3d040302', 'hex')));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([name.length])),
    algorithm,
    commonName('test-ca'),
    sequence(time(-DAY_MS), time(DAY_MS)),
    commonName(name),
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, ca.privateKey)]));
  const base64 = sequence(body, algorithm, signature).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}

function commonName(name: string): Buffer {
  return sequence(der(0x31, sequence(der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from(name)))));
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(der(0x06, Buffer.from(id, 'hex')), der(0x04, value));
}

function time(fromNowMs: number): Buffer {
  const text = new Date(Date.now() + fromNowMs)
    .toISOString()
    .replaceAll(/[-:T]|\.\d+/g, '')
    .slice(2);
  return der(0x17, Buffer.from(text));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const header =
    length < 128
      ? [tag, length]
      : length < 256
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(header), content]);
}
