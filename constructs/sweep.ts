import { Resource } from '@cdktf/provider-null/lib/resource';
import { dependable, Lazy, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { type ForgetVerbSettings, SETTINGS_FORMAT } from '../contract/settings';
import { handoffFolder, projectFolder } from './paths';
import { BootstrapProgram } from './program';
import { stateFilesOf } from './state-files';

const ID = 'sweep';

/** The stack's one `null_resource.sweep`: deletes the hand-off files once every secret is in the state. */
export class Sweep extends Construct {
  /** The stack's one, made on first use. */
  static of(scope: Construct): Sweep {
    const stack = TerraformStack.of(scope);
    const there = stack.node.tryFindChild('proxmox-tokens-sweep');
    return there instanceof Sweep ? there : new Sweep(stack);
  }

  private readonly tokens: Resource[] = [];
  private readonly block: Resource;

  private constructor(stack: TerraformStack) {
    super(stack, 'proxmox-tokens-sweep');
    const settings: ForgetVerbSettings = {
      format: SETTINGS_FORMAT,
      project: projectFolder(this),
      handoffs: handoffFolder(this),
    };
    this.block = new Resource(this, ID, {
      triggers: {
        tokens: Lazy.stringValue({ produce: () => this.fingerprint() }),
        // A state file that is new to the environment is made at 0600 before its stack is deployed.
        state_files: Lazy.stringValue({ produce: (context) => stateFilesOf(this, context).join(' ') || undefined }),
      },
      provisioners: [BootstrapProgram.of(this).onCreate('forget', settings)],
    });
    this.block.overrideLogicalId(ID);
  }

  /** Sweeps again whenever that token block ran, after that secret was captured. */
  after(token: Resource, secret: Resource): void {
    this.tokens.push(token);
    this.block.dependsOn = [...(this.block.dependsOn ?? []), dependable(secret)];
  }

  private fingerprint(): string {
    return `\${sha256(join(",", [${this.tokens.map((token) => `${dependable(token)}.id`).join(', ')}]))}`;
  }
}
