import type { Connection } from '../connection.ts'
import type { Taken } from './take-in.ts'

/** As a record tells of the user, or of something that is of the user. */
type Arrival = {
  readonly record: {
    readonly user_id: string | null
    readonly created_at: number
    readonly active_at: number
  }
  readonly userKey: string
}

export const takeInUser = (db: Connection, projectId: string, { record, userKey }: Arrival): Taken => {
  const isNew = db.run(
    'INSERT INTO users (project_id, user_key, user_id, created_at, active_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    projectId,
    userKey,
    record.user_id,
    record.created_at,
    record.active_at,
  )
  return isNew === 1 ? 'created' : 'unchanged'
}
