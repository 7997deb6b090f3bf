import { connect } from 'node:tls';
import { printable } from './foreign-text';

const SECONDS = 15;

/** The certificate that the API shows, in a line for people; nothing but the TLS handshake is sent. Absent: it shows none. */
export function describeCertificate(endpoint: string): Promise<string | undefined> {
  const { hostname, port } = new URL(endpoint);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port || 443), servername: nameFor(host), rejectUnauthorized: false });
    const end = (line?: string) => {
      socket.destroy();
      resolve(line);
    };
    socket.setTimeout(SECONDS * 1000, () => end());
    socket.on('error', () => end());
    socket.on('secureConnect', () => {
      const { subjectaltname = '', issuer, valid_to: until, fingerprint256 } = socket.getPeerCertificate();
      const names = subjectaltname.replace(/(?:DNS|IP Address):/g, '');
      const by = [issuer?.CN ?? issuer?.O].flat()[0] ?? 'nobody named';
      end(printable(`for ${names || 'no name'}, signed by ${by}, until ${until}, SHA-256 ${fingerprint256}`, 400));
    });
  });
}

/** An address is no name that a server may be asked for. */
const nameFor = (host: string): string => (/^[\d.]+$|:/.test(host) ? '' : host);
