import { BaseAgent, createAgent, type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2';

import { within } from '../limits';

/** A key that the agent holds; `agent` signs with this key and with no other. */
export interface AgentKey {
  readonly blob: Buffer;
  readonly comment: string;
  readonly agent: BaseAgent;
}

/** Rejects if the agent does not answer in time. */
export function listAgentKeys(socket: string, milliseconds: number): Promise<readonly AgentKey[]> {
  const agent = createAgent(socket);
  return within(milliseconds, (signal) => {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('the agent does not answer')), { once: true });
      agent.getIdentities((error, keys) => {
        if (error) reject(error);
        else resolve((keys ?? []).flatMap((key) => agentKey(agent, key)));
      });
    });
  });
}

function agentKey(agent: BaseAgent, key: unknown): readonly AgentKey[] {
  if (typeof key !== 'object' || key === null || !('getPublicSSH' in key)) return [];
  const parsed = key as ParsedKey;
  return [{ blob: parsed.getPublicSSH(), comment: parsed.comment, agent: new OneKeyAgent(agent, parsed) }];
}

/** Lets ssh2 try one key at a time, so that it can be told which one was refused. */
class OneKeyAgent extends BaseAgent<ParsedKey> {
  constructor(
    private readonly agent: BaseAgent,
    private readonly key: ParsedKey,
  ) {
    super();
  }

  getIdentities(answer: (error: Error | undefined, keys?: ParsedKey[]) => void): void {
    answer(undefined, [this.key]);
  }

  sign(key: ParsedKey, data: Buffer, options: SigningRequestOptions | SignCallback, answer?: SignCallback): void {
    if (typeof options === 'function') this.agent.sign(key, data, options);
    else this.agent.sign(key, data, options, answer);
  }
}
