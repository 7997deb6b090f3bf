/** One property of what a command returns: how its column is headed and filled. */
export interface ReturnProperty {
  readonly type: 'string' | 'integer' | 'boolean' | 'array' | 'object';
  readonly optional?: boolean;
  readonly title?: string;
  readonly maxLength?: number;
}
