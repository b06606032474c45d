import { CommandFailure, type Io } from './io.ts'
import { readJsonFile } from './read-json-file.ts'

/** What the server itself says of an agent or a tool. */
const told = ['id', 'version', 'createdAt', 'updatedAt', 'created_at', 'updated_at']

/** What a file says of an agent or a tool, less what the server itself says: so what was shown can be handed in again. */
export const readDefinition = async (
  io: Io,
  file: string | undefined,
): Promise<Readonly<Record<string, unknown>>> => {
  if (file === undefined) return {}
  const parsed = await readJsonFile(io, file)
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed))
    throw new CommandFailure(`${file} holds no definition: it must be a JSON object`, 2)
  return Object.fromEntries(Object.entries(parsed).filter(([key]) => !told.includes(key)))
}
