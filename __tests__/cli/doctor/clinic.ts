import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { onTestFinished } from 'vitest';
import type { Context } from '../../../cli/context';
import type { Finding, Unseen } from '../../../cli/doctor/finding';
import { temporaryFolder } from '../../support/node';
import { aTerminal, Desk, type Ran, type Recording } from '../support';

export interface Seen {
  readonly exit: number;
  readonly findings: readonly Finding[];
  readonly unseen: readonly Unseen[];
  /** `error host-key`, of every finding. */
  readonly told: readonly string[];
}

/** A desk on a machine where all is well: programs that answer, and a proxy that leads to the registry. */
export class Clinic extends Desk {
  readonly environment: Record<string, string> = { PATH: this.path('bin') };
  /** Every finding that was seen, by check. */
  static readonly made = new Map<string, Set<string>>();

  async open(): Promise<this> {
    this.writeText('cdktf.json', '{}');
    this.program('node', 'echo v20.1.0');
    this.program('cdktf', 'echo 0.21.0');
    this.program('terraform', 'echo Terraform v1.11.4');
    this.environment.HTTPS_PROXY = await aProxy(200);
    return this;
  }

  program(name: string, line: string): void {
    this.writeText(`bin/${name}`, `#!/bin/sh\n${line}\n`);
    chmodSync(this.path('bin', name), 0o755);
  }

  /** Another word in the env file, where the helpers have no way to say it. */
  change(from: string | RegExp, to: string): void {
    const file = this.path('env/lab.tfvars');
    const text = readFileSync(file, 'utf8');
    if (text.replace(from, to) === text) throw new Error(`not in the env file: ${from}`);
    writeFileSync(file, text.replace(from, to));
  }

  /** `doctor`, on a terminal where somebody can be asked. */
  doctor(argv: readonly string[] = [], over: Partial<Context> = {}): Promise<Ran & { readonly terminal: Recording }> {
    return this.doctorOn(aTerminal({ ask: async () => '' }), argv, over);
  }

  async doctorOn(terminal: Recording, argv: readonly string[] = [], over: Partial<Context> = {}) {
    const ran = await this.run(['doctor', ...argv], { environment: this.environment, terminal, ...over });
    return { ...ran, terminal };
  }

  /** The same as data. */
  async look(argv: readonly string[] = [], over: Partial<Context> = {}): Promise<Seen> {
    const { exit, stdout } = await this.doctor([...argv, '--json'], over);
    const { findings, unseen } = JSON.parse(stdout) as Pick<Seen, 'findings' | 'unseen'>;
    for (const { check, what } of findings) Clinic.made.set(check, (Clinic.made.get(check) ?? new Set()).add(what));
    return { exit, findings, unseen, told: findings.map(({ check, tier }) => `${tier} ${check}`) };
  }
}

/** A proxy that answers every wish with that status. */
export async function aProxy(status: number): Promise<string> {
  const server = createServer();
  server.on('connect', (_, socket) => socket.end(`HTTP/1.1 ${status} Told\r\n\r\n`));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The folder of a node whose certificate ends then. */
export async function aRootWithCertificate(end: Date): Promise<string> {
  const root = temporaryFolder();
  const named = (value: string) => [{ name: 'commonName', value }];
  const begin = new Date(Date.now() - 100 * 86_400_000);
  const key = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256', notBeforeDate: begin } as const;
  const extensions = [{ name: 'basicConstraints', cA: true, critical: true }] as const;
  const authority = await generate(named('An authority'), { ...key, extensions: [...extensions] });
  const altNames = [{ type: 7, ip: '127.0.0.1' }] as const;
  const server = await generate(named('localhost'), {
    ...{ ...key, notAfterDate: end, ca: { key: authority.private, cert: authority.cert } },
    extensions: [{ name: 'subjectAltName', altNames: [...altNames] }],
  });
  mkdirSync(join(root, 'var/tls'), { recursive: true });
  const files = { 'ca.pem': authority.cert, 'cert.pem': server.cert, 'key.pem': server.private };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(root, 'var/tls', file), text);
  return root;
}
