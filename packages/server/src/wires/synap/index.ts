/** The API of Synap: memories by ingestions, conversations and context, for its own clients. */
import type { Wire } from '../../api/route.ts'
import { conversationRoutes } from './conversation-routes.ts'
import { renderError } from './errors.ts'
import { createMemories } from './routes/create-memories.ts'
import { createMemory } from './routes/create-memory.ts'
import { deleteMemory } from './routes/delete-memory.ts'
import { getIngestion } from './routes/get-ingestion.ts'
import { getMemory } from './routes/get-memory.ts'
import { updateMemory } from './routes/update-memory.ts'
import { uploadMemory } from './routes/upload-memory.ts'
import { whoAmI } from './routes/who-am-i.ts'

export const synap: Wire = {
  name: 'synap',
  routes: [
    whoAmI,
    createMemory,
    createMemories,
    uploadMemory,
    getIngestion,
    getMemory,
    updateMemory,
    deleteMemory,
    ...conversationRoutes,
  ],
  renderError,
}
