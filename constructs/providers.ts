import { TerraformProvider, type TerraformStack } from 'cdktf';

/** Makes a provider block unless the stack has one: an importing stack may bring its own. */
export function ensureProvider(stack: TerraformStack, type: string, make: () => TerraformProvider): void {
  const there = stack.node
    .findAll()
    .some((child) => TerraformProvider.isTerraformProvider(child) && child.terraformResourceType === type);
  if (!there) make();
}
