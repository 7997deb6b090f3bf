import { arch, cpus, loadavg, platform, totalmem } from 'node:os';
import type { Engine } from '../engines';

/** Where the figures come from: nothing that names the machine itself. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly gigabytes: number;
  readonly system: string;
  readonly node: string;
  readonly engine: string;
  readonly providers: string;
  readonly day: string;
  /** Of the minute before the first measure: near 0 on a machine that does nothing else. */
  readonly load: number;
}

export function describeMachine({ kind, version, providers }: Engine, node: string): Machine {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    gigabytes: Math.round(totalmem() / 1024 ** 3),
    system: `${platform()} ${arch()}`,
    node,
    engine: `${kind === 'tofu' ? 'OpenTofu' : 'Terraform'} ${version}`,
    providers,
    day: new Date().toISOString().slice(0, 10),
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
  };
}
