/** Everything a command touches of its process, so that tests can be the process. */
export type Io = {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly workingFolder: string
  /** All of standard input, as text. */
  readonly readInput: () => Promise<string>
  readonly out: Output
  readonly err: Output
  readonly now: () => number
  /**
   * Aborts when the process is asked to stop. From the first call on, being asked no longer ends the process by itself;
   * being asked twice does.
   */
  readonly stopSignal: () => AbortSignal
}

export type Output = {
  readonly write: (text: string) => void
  readonly isTerminal: boolean
  /** Width of the terminal; unbounded where there is none. */
  readonly columns: number
}

/** What ends a command without success: a sentence for standard error and the exit code, 1 failed or 2 misused. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  readonly exitCode: 1 | 2

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

/** One JSON document on a line of its own: what `--json` prints. */
export const printJson = (io: Io, document: unknown): void => io.out.write(`${JSON.stringify(document)}\n`)
