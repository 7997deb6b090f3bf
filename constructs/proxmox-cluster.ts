import { Resource } from '@cdktf/provider-null/lib/resource';
import { dependable, propertyAccess, TerraformStack, Token } from 'cdktf';
import { Construct } from 'constructs';
import { SECRET } from '../contract/identifiers';
import type { AccessVerbSettings, TokenVerbSettings } from '../contract/settings';
import { checkCluster } from './app-conflicts';
import type { ClusterEntry } from './input/entry';
import { fromStack, handoffFolder, projectFolder } from './paths';
import { BootstrapProgram } from './program';
import { entryOf, isEntry, type ProxmoxClusterProps } from './props';
import { Revocation } from './revocation';
import { nodeSettings, type Standing } from './settings';
import { Sweep } from './sweep';
import { accessTriggers, tokenTriggers } from './triggers';

type Part = 'access' | 'access_done' | 'token' | 'secret';

/**
 * One Proxmox VE cluster: user, role, ACL and API token on it, made over SSH when the stack is deployed.
 *
 * The construct's id is the entry's name: blocks `null_resource.ID_access`, `ID_access_done`, `ID_token` and `ID_secret`, and the
 * key `ID` of `terraform_data.revocation`. These are state addresses: renaming the construct makes another cluster of it.
 *
 * Every complaint about the props is thrown at once, as `InvalidInput`. Props must be known at synthesis: references to other
 * resources are refused, since the node's identifiers are checked before anything is deployed.
 */
export class ProxmoxCluster extends Construct {
  /** What lands in `terraform.tfvars`, and how it gets there: checked, every default filled in. */
  readonly entry: ClusterEntry;
  /** The API as its consumers reach it: `https://host:port`. */
  readonly endpoint: string;
  /** `user@realm!tokenid` */
  readonly identity: string;
  /** The token's secret alone: a sensitive reference. */
  readonly secret: string;
  /** `user@realm!tokenid=secret`, as providers take it: a sensitive reference, for this stack or another. */
  readonly apiToken: string;

  constructor(scope: Construct, id: string, props: ProxmoxClusterProps | ClusterEntry) {
    super(scope, id);
    this.entry = entryOf(this.node, props);
    this.identity = this.entry.identity;
    this.endpoint = String(this.entry.attributes.endpoint);
    checkCluster(this, isEntry(props) ? 'file' : 'props');
    const access = this.makeAccess();
    const token = this.makeToken(this.makeAccessDone(access));
    const secret = this.makeSecret(token);
    Sweep.of(this).after(token, secret);
    this.secret = Token.asString(propertyAccess(secret.fqn, ['triggers', 'value']));
    this.apiToken = `${this.identity}=${this.secret}`;
  }

  private makeAccess(): Resource {
    const settings = this.accessSettings('${self.id}');
    return this.block('access', {
      triggers: accessTriggers(this.entry),
      provisioners: [BootstrapProgram.of(this).onCreate('access', settings)],
    });
  }

  /** Sees to it that `access` ran to its end, in the deploy after one that was killed too. */
  private makeAccessDone(access: Resource): Resource {
    const settings = this.accessSettings(access.id);
    const receipt = fromStack(this, settings.receipt);
    return this.block('access_done', {
      triggers: { access: access.id },
      provisioners: [BootstrapProgram.of(this).onCreateUnlessDone('access', settings, receipt)],
    });
  }

  private accessSettings(id: string): AccessVerbSettings {
    return { ...nodeSettings(this.entry, this.standing()), receipt: this.handoff(`access-${id}`) };
  }

  private makeToken(accessDone: Resource): Resource {
    const { identity, removal, retain } = this.entry;
    const standing = nodeSettings(this.entry, this.standing());
    const settings: TokenVerbSettings = { ...standing, handoff: this.handoff('${self.id}') };
    const revocation = Revocation.of(this);
    const { format, project, owner, ssh } = standing;
    revocation.register(this.entry.name, { format, project, owner, ssh, removal, identity, retain });
    return this.block('token', {
      triggers: tokenTriggers(this.entry),
      // On the gate too: an apply that is killed never leaves a token that nothing would revoke.
      dependsOn: [accessDone, revocation.gate],
      provisioners: [BootstrapProgram.of(this).onCreate('token', settings)],
    });
  }

  /**
   * The state's copy of the secret. Its value is read once, from the hand-off whose name holds the token block's id: unknown
   * at plan while that block is to be made, so it is read after the provisioner. From then on the state alone holds it.
   */
  private makeSecret(token: Resource): Resource {
    const address = dependable(token);
    const file = fromStack(this, this.handoff(`\${${address}.id}`));
    return this.block('secret', {
      triggers: { token: token.id, value: `\${sensitive(fileexists("${file}") ? file("${file}") : "")}` },
      lifecycle: {
        ignoreChanges: ['triggers["value"]'],
        postcondition: [
          {
            condition: `\${can(regex("${SECRET.source}", self.triggers["value"]))}`,
            errorMessage:
              `The secret of cluster ${this.entry.name} did not reach the state: its hand-off file is gone. ` +
              'The token itself is safe on the node. Run this once, it reads the secret again: ' +
              // Quoted like this, `cdktf` does not know the address: into one that it knows it writes the construct's path.
              `TF_CLI_ARGS_apply=-replace=null_resource."${this.blockName('token')}"` +
              ` cdktf deploy ${TerraformStack.of(this).node.id}`,
          },
        ],
      },
    });
  }

  private block(part: Part, config: ConstructorParameters<typeof Resource>[2]): Resource {
    const resource = new Resource(this, part, config);
    resource.overrideLogicalId(this.blockName(part));
    return resource;
  }

  private blockName(part: Part): string {
    return `${this.entry.name}_${part}`;
  }

  private standing(): Standing {
    return { environment: TerraformStack.of(this).node.id, project: projectFolder(this) };
  }

  private handoff(id: string): string {
    return `${handoffFolder(this)}/${this.entry.name}-${id}`;
  }
}
