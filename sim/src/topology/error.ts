/** One mistake in a topology. `line` and `column` count from 1. */
export interface TopologyProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Such as `nodes[2].address`; empty for the document itself. */
  readonly path: string;
  /** What is wrong; what would be right. */
  readonly message: string;
}

/** The topology is refused as a whole; `problems` are in the order of the text. */
export class TopologyError extends Error {
  override readonly name = 'TopologyError';
  readonly problems: readonly TopologyProblem[];

  constructor(problems: readonly TopologyProblem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.problems = problems;
  }
}

/** `file:line:column: path: message` */
export function describeProblem({ file, line, column, path, message }: TopologyProblem): string {
  return `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`;
}
