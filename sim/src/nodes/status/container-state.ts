export type ContainerState =
  | { readonly kind: 'waiting'; readonly reason: string; readonly message: string }
  | { readonly kind: 'running'; readonly startedAt: string }
  | {
      readonly kind: 'terminated';
      readonly exitCode: number;
      readonly startedAt: string;
      readonly finishedAt: string;
    };

/** One container of a pod as it is now. */
export interface ContainerReport {
  readonly name: string;
  readonly restartCount: number;
  readonly state: ContainerState;
}
