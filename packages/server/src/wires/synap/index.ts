/** The API of Synap: memories by ingestions, conversations and context, for its own clients. */
import type { Wire } from '../../api/route.ts'
import { conversationRoutes } from './conversation-routes.ts'
import { renderError } from './errors.ts'
import { whoAmI } from './routes/who-am-i.ts'

export const synap: Wire = {
  name: 'synap',
  routes: [whoAmI, ...conversationRoutes],
  renderError,
}
