import { Resource } from '@cdktf/provider-null/lib/resource';
import { Lazy, TerraformLocal, TerraformResource, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { Refusal } from '../contract/refusal';
import type { RevokeVerbSettings } from '../contract/settings';
import { BootstrapProgram } from './program';

const ID = 'revocation';

const clusterTwice = (cluster: string, stack: string) =>
  new Refusal(
    'CLUSTER_TWICE',
    `Stack \`${stack}\` has two clusters \`${cluster}\`.`,
    'Blocks are named after the construct id alone, wherever in the stack the construct stands: the two would be one.',
    'Give one of them another id.',
  );

/**
 * The stack's one `terraform_data.revocation`: remembers, a cluster a key, how to reach the node, and revokes when a key leaves.
 *
 * - `for_each` over all clusters: a destroy provisioner runs when its key leaves the map, never when its whole block leaves the
 *   configuration (measured). So the block stays, with an empty map too.
 * - `terraform_data` and its `input`: a changed address updates it in place; a `null_resource` would be replaced, and revoke.
 * - No create provisioner: a failed one taints the instance, and a tainted instance never runs its destroy provisioner.
 * - The map is a `local`, and tokens wait for one `gate` in its place: the engine would read the map again for each of its keys,
 *   and tie each token to each key (300 clusters: a plan of 45 seconds instead of 6).
 */
export class Revocation extends TerraformResource {
  /** The stack's one, made on first use. */
  static of(scope: Construct): Revocation {
    const stack = TerraformStack.of(scope);
    const there = stack.node.tryFindChild(ID);
    return there instanceof Revocation ? there : new Revocation(stack);
  }

  /** What waits for it is made after every cluster can be revoked. */
  readonly gate: Resource;
  private readonly settings = new Map<string, RevokeVerbSettings>();

  private constructor(stack: TerraformStack) {
    super(stack, ID, {
      terraformResourceType: 'terraform_data',
      provisioners: [BootstrapProgram.of(stack).onDestroy('revoke', '${jsonencode(self.input)}')],
    });
    this.overrideLogicalId(ID);
    // Rendered last: clusters register after this block is made. (`forEach` takes an iterator, and changes the case of keys.)
    const clusters = new TerraformLocal(
      this,
      'clusters',
      Lazy.anyValue({ produce: () => Object.fromEntries(this.settings) }),
    );
    clusters.overrideLogicalId(ID);
    this.addOverride('for_each', clusters.asString);
    this.gate = new Resource(this, 'gate', { dependsOn: [this] });
    this.gate.overrideLogicalId('gate');
  }

  register(cluster: string, settings: RevokeVerbSettings): void {
    if (this.settings.has(cluster)) throw clusterTwice(cluster, settings.owner.environment);
    this.settings.set(cluster, settings);
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return { input: '${each.value}' };
  }
}
