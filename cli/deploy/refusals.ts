import { Refusal } from '../../contract/refusal';

export const engineMissing = (named: string | undefined) =>
  new Refusal(
    'ENGINE_MISSING',
    named
      ? `There is no program \`${named}\`, which TERRAFORM_BINARY_NAME names.`
      : 'There is no Terraform and no OpenTofu on the PATH.',
    '`cdktf` plans and applies through one of them.',
    'Install Terraform >= 1.5 or OpenTofu >= 1.6, or name the program in TERRAFORM_BINARY_NAME.',
    { unchanged: true },
  );

export const cdktfMissing = (folder: string) =>
  new Refusal(
    'CDKTF_MISSING',
    `There is no \`cdktf\` in \`${folder}/node_modules/.bin\` or above.`,
    'It is the command line of CDK for Terraform, which synthesizes and deploys.',
    'Run `npm ci` in the folder of `cdktf.json`.',
    { unchanged: true },
  );

export const approvalMissing = () =>
  new Refusal(
    'APPROVAL_MISSING',
    'Nobody can be asked whether to deploy: this is no terminal.',
    'A deploy changes users and tokens on your nodes.',
    'Add `--auto-approve`.',
    { unchanged: true },
  );

export const deployFailed = (exit: number, log: string, errors: readonly string[]) =>
  new Refusal(
    'DEPLOY_FAILED',
    `The deploy failed (exit ${exit}).${errors.length === 0 ? '' : `\n${errors.map((line) => `  ${line}`).join('\n')}`}`,
    'What was done before that stays, and the next deploy goes on from there.',
    `Put right what the error says, then deploy again. The whole log: ${log}`,
  );

/** The engine says it in thirty lines, once a provider. */
export const registryMissing = (log: string) =>
  new Refusal(
    'REGISTRY_MISSING',
    'The providers hashicorp/null and hashicorp/local could not be fetched: no registry answers.',
    'An engine takes providers from its registry, or from a mirror that its configuration names.',
    'Open the way to registry.terraform.io (OpenTofu: registry.opentofu.org), or name a mirror in the file of TF_CLI_CONFIG_FILE' +
      ` (docs/how-to.md, "Without the internet"). The whole log: ${log}`,
    { unchanged: true },
  );

export const engineDied = (log: string, stacks: readonly string[]) =>
  new Refusal(
    'ENGINE_DIED',
    `The engine did not finish: no result came for ${stacks.join(', ')}.`,
    '`cdktf` ends with 0 also when its engine was killed (out of memory, say).',
    `Deploy again: it goes on from here. The whole log: ${log}`,
  );

export const outputMissing = (files: readonly string[], log: string) =>
  new Refusal(
    'OUTPUT_MISSING',
    `The deploy ended well, but what it should have written is not there: ${files.join(', ')}.`,
    'Something removed it meanwhile, or the stack that writes it was not deployed.',
    `Deploy again: the file comes from the state. The whole log: ${log}`,
  );
