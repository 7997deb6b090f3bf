import type { ClusterEntry } from '../input/entry';

/** A cluster of an output, and the text that takes the place of its `api_token`. */
export interface RenderedCluster {
  readonly entry: Pick<ClusterEntry, 'name' | 'attributes' | 'identity'>;
  /** `opentofu@pve!id=${null_resource.nuc_secret.triggers.value}`: interpolations in it come through as they are. */
  readonly token: string;
}
