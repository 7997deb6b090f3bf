import { LocalBackend, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { Environment } from './input/entry';
import { fromStack } from './paths';
import { ProxmoxCluster } from './proxmox-cluster';
import { Revocation } from './revocation';
import { TfvarsFile } from './tfvars-file';

export interface EnvironmentStackProps {
  /**
   * Makes the stack's backend.
   * @default - a local state file `terraform.NAME.tfstate` beside `cdktf.json`
   */
  readonly backend?: (stack: TerraformStack) => void;
}

/** The stack of one env file: its clusters, its revocation, its files. The stack is named after the environment. */
export class EnvironmentStack extends TerraformStack {
  readonly clusters: readonly ProxmoxCluster[];

  constructor(scope: Construct, environment: Environment, props: EnvironmentStackProps = {}) {
    super(scope, environment.name);
    if (props.backend !== undefined) props.backend(this);
    // An explicit path: by default the JSON would hold an absolute one.
    else new LocalBackend(this, { path: fromStack(this, `terraform.${environment.name}.tfstate`) });
    // Also without clusters: the last one that leaves the file is revoked by this block.
    Revocation.of(this);
    this.clusters = environment.clusters.map((entry) => new ProxmoxCluster(this, entry.name, entry));
    environment.outputs.forEach((output, index) => {
      const clusters = this.clusters.filter(
        ({ entry }) => output.cluster === undefined || entry.name === output.cluster,
      );
      new TfvarsFile(this, index === 0 ? 'tfvars' : `tfvars_${index + 1}`, { ...output, clusters });
    });
  }
}
