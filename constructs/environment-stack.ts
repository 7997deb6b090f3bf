import { type App, LocalBackend, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { type Environment, filesStack, type OutputSpec } from './input/entry';
import { fromStack } from './paths';
import { ProxmoxCluster } from './proxmox-cluster';
import { Revocation } from './revocation';
import { TfvarsFile } from './tfvars-file';

export interface EnvironmentProps {
  /**
   * Makes the backend of each stack of the environment.
   * @default - a local state file `terraform.STACK.tfstate` beside `cdktf.json`, kept at mode 0600
   */
  readonly backend?: (stack: TerraformStack) => void;
}

/**
 * The stacks of one env file: `NAME` with its clusters and files, and, where an output says `own_stack`, `NAME-tfvars` with
 * those files alone.
 */
export function addEnvironment(app: App, environment: Environment, props: EnvironmentProps = {}): EnvironmentStack {
  const tokens = new EnvironmentStack(app, environment, props);
  const apart = environment.outputs.filter(({ ownStack }) => ownStack);
  if (apart.length > 0) new FilesStack(app, tokens, apart, props);
  return tokens;
}

/** The clusters of an env file, their revocation, and the files that have no stack of their own. */
export class EnvironmentStack extends TerraformStack {
  readonly clusters: readonly ProxmoxCluster[];

  constructor(app: App, environment: Environment, props: EnvironmentProps = {}) {
    super(app, environment.name);
    const { outputs } = environment;
    makeBackend(this, props);
    // Also without clusters: the last one that leaves the file is revoked by this block.
    Revocation.of(this);
    // In a scope of their own: a cluster may be called as another construct of the stack is.
    const scope = new Construct(this, 'clusters');
    this.clusters = environment.clusters.map((entry) => new ProxmoxCluster(scope, entry.name, entry));
    addFiles(
      this,
      outputs.filter(({ ownStack }) => !ownStack),
      this.clusters,
    );
  }
}

/** Files in a stack of their own: a failed deploy of the clusters does not touch it, so consumers keep the file they have. */
export class FilesStack extends TerraformStack {
  constructor(app: App, tokens: EnvironmentStack, outputs: readonly OutputSpec[], props: EnvironmentProps = {}) {
    super(app, filesStack(tokens.node.id));
    makeBackend(this, props);
    // Also without clusters, when nothing of the other stack is referred to: files are rewritten after the clusters.
    this.addDependency(tokens);
    addFiles(this, outputs, tokens.clusters);
  }
}

function makeBackend(stack: TerraformStack, { backend }: EnvironmentProps): void {
  if (backend !== undefined) backend(stack);
  // An explicit path: by default the JSON would hold an absolute one.
  else new LocalBackend(stack, { path: fromStack(stack, `terraform.${stack.node.id}.tfstate`) });
}

function addFiles(stack: TerraformStack, outputs: readonly OutputSpec[], all: readonly ProxmoxCluster[]): void {
  outputs.forEach((output, index) => {
    const clusters = all.filter(({ entry }) => output.cluster === undefined || entry.name === output.cluster);
    new TfvarsFile(stack, index === 0 ? 'tfvars' : `tfvars_${index + 1}`, { ...output, clusters });
  });
}
