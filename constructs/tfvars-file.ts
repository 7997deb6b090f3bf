import { SensitiveFile } from '@cdktf/provider-local/lib/sensitive-file';
import { Annotations, Aspects, dependable, TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { checkFile } from './app-conflicts';
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
 * The consumer's `terraform.tfvars`: a `local_sensitive_file` of mode 0600 in a folder of 0700, and an output that names it.
 *
 * Its content is rendered at synthesis with references in the place of the secrets: the synthesized JSON shows the very file.
 * The engine destroys the file before it makes it again, early in an apply: in one stack with the clusters it is gone
 * while a cluster fails. In a stack of its own a failed token stack leaves it alone.
 *
 * The construct's id names the blocks: `local_sensitive_file.ID`, output `ID_file`.
 */
export class TfvarsFile extends Construct {
  /** Relative to the folder of `cdktf.json`, normalised. */
  readonly file: string;
  /** The `local_sensitive_file`. */
  readonly resource: SensitiveFile;

  constructor(scope: Construct, id: string, props: TfvarsFileProps) {
    super(scope, id);
    const spec = checkedSpec(this, props);
    this.file = spec.file;
    checkFile(this);
    ensureProvider(TerraformStack.of(this), 'local');
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
    this.nameWritten();
    Aspects.of(this.resource).add({ visit: () => this.warnOfCommit(spec.file) });
  }

  /** What a deploy ends with. The engine knows it only once the file was made: a plain text would stand in the state before. */
  private nameWritten(): void {
    const value = `\${${dependable(this.resource)}.id == "" ? "" : ${JSON.stringify(this.file)}}`;
    new TerraformOutput(this, 'written', { value }).overrideLogicalId(`${this.node.id}_file`);
  }

  private warnOfCommit(file: string): void {
    if (!wouldBeCommitted(file)) return;
    Annotations.of(this).addWarning(
      `${file} will hold secrets, and git does not ignore it. Add it to a .gitignore before the first deploy.`,
    );
  }
}

function checkedSpec(construct: TfvarsFile, { clusters, ...given }: TfvarsFileProps): OutputSpec {
  const source = `TfvarsFile ${construct.node.path}`;
  const problems = new Problems();
  const { file, format, variable } = given;
  const raw = JSON.parse(JSON.stringify({ file, format, variable }));
  const field = Field.of(raw, { source, path: [], inProps: true }, problems);
  const names = clusters.map(({ entry }) => entry.name);
  if (format === 'token' && names.length > 1) {
    const why = `A file of format "token" holds one token. There are ${names.join(', ')}.`;
    field.at('clusters').refuse('holds several clusters', why, 'Give one of them alone.');
  }
  const [spec] = readOutputs(
    field,
    TerraformStack.of(construct).node.id,
    undefined,
    names.slice(0, format === 'token' ? 1 : undefined),
  );
  if (spec === undefined || !problems.none) throw new InvalidInput(source, problems.list);
  return spec;
}
