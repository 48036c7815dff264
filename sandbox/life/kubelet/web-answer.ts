import { Duplex } from 'node:stream';

/** The other end of a forwarded port: answers every HTTP request with a few words, one request a connection. */
export function webAnswer(pod: string, port: number): Duplex {
  let asked = '';
  const stream = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _encoding, done) => {
      asked = (asked + chunk.toString('latin1')).slice(-8192);
      if (asked.includes('\r\n\r\n')) {
        const body = `Hello from pod ${pod}, port ${port}, in the sandbox.\n`;
        stream.push(
          `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
        );
        stream.push(null);
        asked = '';
      }
      done();
    },
    final: (done) => {
      stream.push(null);
      done();
    },
  });
  return stream;
}
