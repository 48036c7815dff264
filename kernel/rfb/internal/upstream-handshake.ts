import { StatusError } from '@krateyard/status/status-error';
import type { ByteLink } from '../byte-link.ts';
import type { ByteReader } from './byte-reader.ts';
import { brokenProtocol } from './protocol-error.ts';

const NONE = 1;
const MAX_WORDS_BYTES = 4096;

export interface ServerInit {
  readonly width: number;
  readonly height: number;
  readonly name: string;
}

/** The client's part up to ServerInit: RFB 3.3, 3.7 or 3.8 without a password, shared (RFC 6143 section 7.1 to 7.3). */
export async function shakeHands(reader: ByteReader, link: ByteLink): Promise<ServerInit> {
  const minor = await version(reader);
  await link.write(Buffer.from(`RFB 003.00${minor}\n`));
  if (minor === 3) await securityOf33(reader);
  else await chooseNone(reader, link, minor);
  await link.write(Buffer.from([1]));
  const head = await reader.take(24);
  const nameBytes = head.readUInt32BE(20);
  if (nameBytes > MAX_WORDS_BYTES) throw brokenProtocol(`a name of ${nameBytes} bytes`);
  const name = (await reader.take(nameBytes)).toString();
  return { width: head.readUInt16BE(0), height: head.readUInt16BE(2), name };
}

async function version(reader: ByteReader): Promise<3 | 7 | 8> {
  const words = (await reader.take(12)).toString('latin1');
  const match = /^RFB (\d{3})\.(\d{3})\n$/.exec(words);
  if (!match) throw brokenProtocol('no greeting of RFB');
  const number = Number(match[1]) * 1000 + Number(match[2]);
  if (number < 3003) throw brokenProtocol(`the greeting of version ${match[1]}.${match[2]}`);
  if (number >= 3008) return 8;
  return number === 3007 ? 7 : 3;
}

async function securityOf33(reader: ByteReader): Promise<void> {
  const type = await reader.u32();
  if (type === 0) throw await refused(reader);
  if (type !== NONE) throw passwordWanted([type]);
}

async function chooseNone(reader: ByteReader, link: ByteLink, minor: 7 | 8): Promise<void> {
  const count = await reader.u8();
  if (count === 0) throw await refused(reader);
  const types = [...(await reader.take(count))];
  if (!types.includes(NONE)) throw passwordWanted(types);
  await link.write(Buffer.from([NONE]));
  if (minor === 8 && (await reader.u32()) !== 0) throw await refused(reader);
}

async function refused(reader: ByteReader): Promise<StatusError> {
  const length = await reader.u32();
  if (length > MAX_WORDS_BYTES) return brokenProtocol(`a reason of ${length} bytes`);
  const words = (await reader.take(length)).toString().replaceAll(/\p{Cc}/gu, ' ');
  return new StatusError('ServiceUnavailable', `The machine’s VNC server refused the connection: ${words}`);
}

const passwordWanted = (types: readonly number[]): StatusError =>
  new StatusError(
    'NotAcceptable',
    `The machine’s VNC server asks for a password (security type ${types.join(', ')}); only screens without one can be shown.`,
  );
