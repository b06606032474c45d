import type { Extractor, ExtractRequest, Passage } from '../models/model.ts'

/**
 * A model that a test answers for: `answer` gets the text of each input (a conversation's messages line by line) and gives the
 * statements found in it, or throws. They go to the first topic of the group. A summary is all there is to summarise.
 */
export const fakeExtractor = (
  answer: (text: string, request: ExtractRequest) => readonly string[] | Promise<readonly string[]>,
): Extractor => ({
  name: 'fake',
  extract: async (request) => {
    const { passage, topics } = request
    const topic = topics[0]?.name ?? ''
    const contents = await answer(textOf(passage), request)
    return contents.map((content) => ({ topic, content, message: null, saidAt: passage.saidAt }))
  },
  summarise: async ({ previous, statements }) =>
    [...(previous === null ? [] : [previous]), ...statements].join(' '),
})

/** Every input is one statement. */
export const echoExtractor = fakeExtractor((text) => [text])

const textOf = (passage: Passage): string =>
  passage.type === 'text' ? passage.text : passage.messages.map(({ content }) => content).join('\n')
