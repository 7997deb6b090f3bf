/** One instance as a state file has it. */
export interface Instance {
  readonly id: string;
  readonly triggers: Readonly<Record<string, string>>;
  /** Of `terraform_data`: the last applied input. */
  readonly input?: unknown;
  readonly filename?: string;
  readonly content?: string;
  /** A provisioner failed when it was made. */
  readonly tainted: boolean;
  /** Addresses of blocks. */
  readonly needs: readonly string[];
}

/** By address of the instance: `null_resource.nuc_token`, `terraform_data.revocation["nuc"]`. */
export interface State {
  readonly instances: ReadonlyMap<string, Instance>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

export const EMPTY: State = { instances: new Map(), outputs: {} };

/** `terraform_data.revocation` of `terraform_data.revocation["nuc"]`. */
export function blockOf(address: string): string {
  return address.replace(/\[.*$/, '');
}

export function withInstance(state: State, address: string, instance: Instance | undefined): State {
  const instances = new Map(state.instances);
  if (instance === undefined) instances.delete(address);
  else instances.set(address, instance);
  return { ...state, instances };
}
