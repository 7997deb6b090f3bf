import { chmodSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  App,
  Aspects,
  AssetType,
  type IResolveContext,
  Lazy,
  type LocalExecProvisioner,
  TerraformAsset,
  TerraformStack,
} from 'cdktf';
import { Construct } from 'constructs';
import { Refusal } from '../contract/refusal';
import { type AccessVerbSettings, RECEIPT_VARIABLE, SETTINGS_VARIABLE } from '../contract/settings';
import { ensureProvider } from './providers';
import { stateFilesOf } from './state-files';

const ID = 'proxmox-tokens-program';

/** The bootstrap program as it goes along with a stack: one file, copied beside the stack's JSON. */
export class BootstrapProgram extends Construct {
  /** The stack's one, made on first use, with the provider of the blocks that run it. */
  static of(scope: Construct): BootstrapProgram {
    const stack = TerraformStack.of(scope);
    const there = stack.node.tryFindChild(ID);
    return there instanceof BootstrapProgram ? there : new BootstrapProgram(stack, ID);
  }

  private readonly asset: TerraformAsset;

  private constructor(stack: TerraformStack, id: string) {
    super(stack, id);
    ensureProvider(stack, 'null');
    this.asset = new TerraformAsset(this, 'asset', {
      path: programFile(),
      type: AssetType.FILE,
      // Fixed: a new release of the program changes no block, so it must not change the JSON that people review.
      assetHash: 'program',
    });
    // `cdktf diff` leaves its plan file in there, Terraform the state that it could not write, both readable to all.
    Aspects.of(this).add({ visit: () => chmodSync(App.of(this).outdir, 0o700) });
  }

  /** Runs a verb when the block is made, with these settings and the state files that it has to guard. */
  onCreate(verb: 'access' | 'token' | 'forget', settings: object): LocalExecProvisioner {
    const produce = (context: IResolveContext) => JSON.stringify({ ...settings, ...guardedFiles(this, context) });
    return this.provisioner(verb, Lazy.stringValue({ produce }), 'create');
  }

  /**
   * Runs a verb once more, unless it left this receipt, which then goes. Where the engine is killed, the state may count a block as
   * made whose verb had done nothing yet (measured). A block that waits for that one was not begun, and looks in the next deploy.
   */
  onCreateUnlessDone(verb: 'access', settings: AccessVerbSettings, receipt: string): LocalExecProvisioner {
    const { environment, ...once } = this.onCreate(verb, settings);
    return {
      ...once,
      // No start of the program where it has nothing to do.
      interpreter: ['sh', '-c'],
      command: `rm "$${RECEIPT_VARIABLE}" 2>/dev/null || exec node "${this.asset.path}" ${verb}`,
      environment: { ...environment, [RECEIPT_VARIABLE]: receipt },
    };
  }

  /** Runs a verb when the block goes; `settings` is an expression, and may refer to `self` alone. */
  onDestroy(verb: 'revoke', settings: string): LocalExecProvisioner {
    return this.provisioner(verb, settings, 'destroy');
  }

  /** The verb is the command, which a failing provisioner prints; the settings are an environment variable, which it never prints (measured). */
  private provisioner(verb: string, settings: string, when: 'create' | 'destroy'): LocalExecProvisioner {
    return {
      type: 'local-exec',
      when,
      interpreter: ['node', this.asset.path],
      command: verb,
      environment: { [SETTINGS_VARIABLE]: settings },
    };
  }
}

function guardedFiles(scope: Construct, context: IResolveContext): { readonly state_files?: readonly string[] } {
  const files = stateFilesOf(scope, context);
  return files.length === 0 ? {} : { state_files: files };
}

/** `dist/bootstrap.cjs` beside the package's `package.json`, from the sources as from the built package. */
function programFile(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (!existsSync(join(folder, 'package.json'))) continue;
    const file = join(folder, 'dist', 'bootstrap.cjs');
    if (existsSync(file)) return file;
    throw new Refusal(
      'PROGRAM_NOT_BUILT',
      'The bootstrap program `dist/bootstrap.cjs` is not there.',
      '`npm ci` builds it in its `prepare` script, which `--ignore-scripts` leaves out.',
      'Run `npm run build` once.',
    );
  }
  throw new Error(`no package.json above ${__dirname}`);
}
