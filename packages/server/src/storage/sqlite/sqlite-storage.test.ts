/** The embedded engine against everything a store has to do. */
import { temporaryFolder } from '../../testing/temporary-folder.ts'
import { describeConformance } from '../conformance/conformance.testsuite.ts'
import { openSqliteStorage } from './sqlite-storage.ts'

describeConformance({
  name: 'sqlite',
  open: async () => {
    const folder = temporaryFolder()
    const open = () => openSqliteStorage({ dataDir: folder.path })
    let storage = open()
    return {
      storage,
      reopen: async () => {
        await storage[Symbol.asyncDispose]()
        storage = open()
        return storage
      },
      remove: async () => folder[Symbol.dispose](),
    }
  },
})
