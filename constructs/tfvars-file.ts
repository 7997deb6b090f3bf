import { LocalProvider } from '@cdktf/provider-local/lib/provider';
import { SensitiveFile } from '@cdktf/provider-local/lib/sensitive-file';
import { Annotations, Aspects, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { wouldBeCommitted } from './git';
import type { OutputFormat, OutputSpec } from './input/entry';
import { Field } from './input/field';
import { readOutputs } from './input/output';
import { InvalidInput, Problems } from './input/problem';
import { fromStack } from './paths';
import { ensureProvider } from './providers';
import type { ProxmoxCluster } from './proxmox-cluster';
import { renderOutput } from './render/output';

export interface TfvarsFileProps {
  /** The clusters to write, in this order. Those of another stack are read from its state. */
  readonly clusters: readonly ProxmoxCluster[];
  /**
   * The file, relative to the folder of `cdktf.json`. One that ends in `.json` is written as tfvars JSON.
   * Absolute paths are refused: the synthesized JSON would not be the same in another checkout.
   */
  readonly file: string;
  /**
   * `map`: the whole map in one variable. `token`: one token in one variable. `env`: lines of `export TF_VAR_…`.
   * @default "map"
   */
  readonly format?: OutputFormat;
  /**
   * The variable that the file sets.
   * @default - `proxmox` for `map`, `proxmox_api_token` for `token` and `env`
   */
  readonly variable?: string;
}

/**
 * The consumer's `terraform.tfvars`: a `local_sensitive_file` of mode 0600 in a folder of 0700.
 *
 * Its content is rendered at synthesis with references in the place of the secrets: the synthesized JSON shows the very file.
 * The engine destroys the file before it makes it again, early in an apply: in one stack with the clusters it is gone
 * while a cluster fails. In a stack of its own a failed token stack leaves it alone.
 */
export class TfvarsFile extends Construct {
  readonly resource: SensitiveFile;

  constructor(scope: Construct, id: string, props: TfvarsFileProps) {
    super(scope, id);
    const stack = TerraformStack.of(this);
    ensureProvider(stack, 'local', () => new LocalProvider(stack, 'proxmox-tokens-local'));
    const spec = checkedSpec(stack.node.id, id, props);
    this.resource = new SensitiveFile(this, 'file', {
      filename: fromStack(this, spec.file),
      content: renderOutput(
        spec,
        props.clusters.map(({ entry, apiToken: token }) => ({ entry, token })),
      ),
      filePermission: '0600',
      directoryPermission: '0700',
    });
    this.resource.overrideLogicalId(id);
    Aspects.of(this.resource).add({ visit: () => this.warnOfCommit(spec.file) });
  }

  private warnOfCommit(file: string): void {
    if (!wouldBeCommitted(file)) return;
    Annotations.of(this).addWarning(
      `${file} will hold secrets, and git does not ignore it. Add it to a .gitignore before the first deploy.`,
    );
  }
}

function checkedSpec(stack: string, id: string, { clusters, ...given }: TfvarsFileProps): OutputSpec {
  const source = `TfvarsFile "${id}"`;
  const problems = new Problems();
  const { file, format, variable } = given;
  const raw = JSON.parse(JSON.stringify({ file, format, variable }));
  const field = Field.of(raw, { source, path: [] }, problems);
  const names = clusters.map(({ entry }) => entry.name);
  const [spec] = readOutputs(field, stack, undefined, names);
  if (spec === undefined || !problems.none) throw new InvalidInput(source, problems.list);
  return spec;
}
