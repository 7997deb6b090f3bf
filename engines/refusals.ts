import { Refusal } from '../contract/refusal';

export const engineNotFound = () =>
  new Refusal(
    'ENGINE_NOT_FOUND',
    'Neither `terraform` nor `tofu` is on PATH.',
    'One of them applies what is synthesized here.',
    'Install Terraform 1.5 or OpenTofu 1.6 or later, or set `TERRAFORM_BINARY_NAME` to where it is.',
  );

export const namedEngineNotFound = (name: string) =>
  new Refusal(
    'NAMED_ENGINE_NOT_FOUND',
    `\`TERRAFORM_BINARY_NAME\` names a program that is not there, got: ${name}.`,
    'Another engine is not taken in its place: it may be unable to read the state that this one wrote.',
    'Correct the variable (a name on PATH, or a path), or unset it.',
  );

export const engineUnreadable = (binary: string, output: string) =>
  new Refusal(
    'ENGINE_UNREADABLE',
    `\`${binary} version\` did not name Terraform or OpenTofu, got: ${output.trim().slice(0, 200) || 'no output'}.`,
    'The settings differ between the two, and old releases lack what the stacks need.',
    'Set `TERRAFORM_BINARY_NAME` to a working `terraform` or `tofu`.',
  );

export const engineTooOld = (binary: string, found: string, floor: string) =>
  new Refusal(
    'ENGINE_TOO_OLD',
    `${found} is too old, found at: ${binary}.`,
    `The stacks need what ${floor} and later can do.`,
    `Upgrade it to ${floor} or later, or set \`TERRAFORM_BINARY_NAME\` to another engine.`,
  );

export const goNotFound = () =>
  new Refusal(
    'GO_NOT_FOUND',
    '`go` is not on PATH, which building stand-ins of the null and local providers needs.',
    'No provider registry answered and no provider mirror is configured, so the programs have to be built here.',
    'Install Go 1.24 or later, or set up a provider mirror in a `provider_installation` block of `~/.terraformrc`.',
  );

export const goNotFoundForOpenTofu = () =>
  new Refusal(
    'GO_NOT_FOUND',
    '`go` is not on PATH, which building OpenTofu needs.',
    'OpenTofu is built from its Go module.',
    'Install Go 1.26 or later, or install OpenTofu itself.',
  );

export const buildFailed = (what: string, output: string) =>
  new Refusal(
    'BUILD_FAILED',
    `${what} could not be built: ${lastLines(output)}`,
    'They are built with `go build` from modules that a Go module proxy has to serve.',
    'Check `go version` and `go env GOPROXY`, then run it again.',
  );

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-5).join('\n  ') || 'no output';
}
