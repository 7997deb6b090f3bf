import { Refusal } from '../../../contract/refusal';
import type { NodeOptions, SimulatedNode } from '../../../simulator/node';
import { accepts } from '../../bootstrap/support';
import { aNode, temporaryFolder } from '../../support/node';
import {
  anOperator,
  deploy,
  type Entry,
  type EntrySettings,
  forget,
  nodeFiles,
  type Operator,
  runVerb,
  settingsFor,
} from '../../support/verbs';

export const TOKEN = 'opentofu@pve!opentofu-token';

/** One entry on one simulated node, deployed in this process without an engine: the verbs, as a deploy runs them. */
export class Story {
  constructor(
    readonly node: SimulatedNode,
    private readonly operator: Operator,
  ) {}

  /** Returns the secret that was handed off. What was printed before is forgotten. */
  deploy(entry: Entry = {}): Promise<string> {
    return this.deployAs(settingsFor(this.node, entry));
  }

  async deployAs(settings: EntrySettings): Promise<string> {
    this.operator.lines.length = 0;
    const secret = await deploy(settings, this.operator);
    await forget(settings, this.operator);
    return secret;
  }

  async revoke(entry: Entry = {}): Promise<void> {
    this.operator.lines.length = 0;
    await runVerb('revoke', settingsFor(this.node, entry), this.operator);
  }

  /** A deploy that has to be refused; its message counts as printed. */
  async refused(entry: Entry): Promise<string> {
    const error = await this.deploy(entry).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof Refusal)) throw error ?? new Error('the deploy should have been refused');
    this.operator.lines.push(error.message);
    return error.code;
  }

  /** All that the last run printed, with the names that the document uses. */
  output(): string {
    const { api, ssh } = this.node;
    return this.operator.lines
      .join('\n')
      .replaceAll(api.url, 'https://nuc.example.net:8006')
      .replaceAll(`${ssh.host}:${ssh.port}`, 'nuc.example.net');
  }

  /** `user.cfg`, where users, tokens, roles and ACL entries stand. */
  config(): string {
    return nodeFiles(this.node).user;
  }

  /** Whether the node's API takes the token and grants these privileges on `/`. */
  works(secret: string, identity = TOKEN, privileges = ['VM.Audit']): Promise<boolean> {
    return accepts(this.node, identity, secret, '/', privileges);
  }
}

export async function aStory(options: Partial<NodeOptions> = {}): Promise<Story> {
  return new Story(await aNode(options), anOperator(temporaryFolder()));
}
