import { LocalProvider } from '@cdktf/provider-local/lib/provider';
import { NullProvider } from '@cdktf/provider-null/lib/provider';
import { TerraformProvider, type TerraformStack } from 'cdktf';

const PROVIDERS = { null: NullProvider, local: LocalProvider } as const;

/** Ranges, so that a mirror with newer releases is good enough: 3.2.4 to 3.3.1, 2.6.1 to 2.9.0 were tried. The bindings pin one. */
const RANGES = { null: '~> 3.2', local: '~> 2.6' } as const;

type Type = keyof typeof PROVIDERS;

/** The stack has the provider of these blocks: its own, made before or after, or else ours. */
export function ensureProvider(stack: TerraformStack, type: Type): void {
  const id = `proxmox-tokens-${type}`;
  if (stack.node.tryFindChild(id) !== undefined) return;
  const provider = new PROVIDERS[type](stack, id);
  const [json, hcl] = [provider.toTerraform.bind(provider), provider.toHclTerraform.bind(provider)];
  // Decided while the JSON is written: the stack's own one may be made last.
  const isNeeded = () =>
    !stack.node
      .findAll()
      .some(
        (other) =>
          other !== provider && TerraformProvider.isTerraformProvider(other) && other.terraformResourceType === type,
      );
  provider.toTerraform = () => (isNeeded() ? inRange(json(), type) : {});
  provider.toHclTerraform = () => (isNeeded() ? inRange(hcl(), type) : {});
}

/** What the binding writes, with another version. */
function inRange(
  written: { readonly terraform: { readonly required_providers: Readonly<Record<string, object>> } },
  type: Type,
): object {
  const required = { ...written.terraform.required_providers[type], version: RANGES[type] };
  return { ...written, terraform: { required_providers: { [type]: required } } };
}
