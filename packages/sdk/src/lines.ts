/**
 * The lines of a stream of text, each as soon as it is whole; an empty one is left out, and so is a last one without its end: it may be
 * half of one. Leaving the loop gives the stream up.
 */
export async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  // Pieces of a line that has not ended: joined once, for a line may come in many.
  let pieces: string[] = []
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const [first = '', ...rest] = decoder.decode(value, { stream: true }).split('\n')
      pieces.push(first)
      for (const next of rest) {
        const line = pieces.join('')
        pieces = [next]
        if (line !== '') yield line
      }
    }
  } finally {
    await reader.cancel().catch(() => {}) // it has failed already, or has come to its end
  }
}
