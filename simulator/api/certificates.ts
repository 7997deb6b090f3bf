/** A small certificate authority of the node's own and a certificate of it for this machine. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { pveFile } from '../machine/node-files';

export interface Certificates {
  readonly caFile: string;
  readonly cert: string;
  readonly key: string;
}

const KEY = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;

const makeAuthority = () =>
  generate([{ name: 'commonName', value: 'Simulated Proxmox VE CA' }], {
    ...KEY,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });

const makeServer = (ca: { key: string; cert: string }) =>
  generate([{ name: 'commonName', value: 'localhost' }], {
    ...KEY,
    ca,
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });

/** Made at the first start; a restart shows the same ones. */
export async function certificates(root: string): Promise<Certificates> {
  const folder = join(root, 'var', 'tls');
  const [caFile, certFile, keyFile] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => join(folder, name));
  if (caFile === undefined || certFile === undefined || keyFile === undefined) throw new Error('unreachable');
  if (!existsSync(keyFile)) {
    mkdirSync(folder, { recursive: true });
    const authority = await makeAuthority();
    const server = await makeServer({ key: authority.private, cert: authority.cert });
    writeFileSync(caFile, authority.cert);
    writeFileSync(certFile, server.cert);
    writeFileSync(keyFile, server.private);
    chmodSync(keyFile, 0o600);
  }
  // Where a node has the certificate of its cluster's own CA.
  copyFileSync(caFile, pveFile(root, 'pve-root-ca.pem'));
  return { caFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
}
