import type { Connection } from '../storage/sqlite/connection.ts'

/** Every statement that `exercise` sends, with what SQLite says of how it finds its rows. */
export const recordedPlans = (
  db: Connection,
  exercise: (recording: Connection) => void,
): readonly (readonly [sql: string, plan: readonly string[]])[] => {
  const statements = new Set<string>()
  exercise({
    ...db,
    get: (sql, ...values) => db.get(statements.add(sql) && sql, ...values),
    all: (sql, ...values) => db.all(statements.add(sql) && sql, ...values),
    tuples: (sql, ...values) => db.tuples(statements.add(sql) && sql, ...values),
    run: (sql, ...values) => db.run(statements.add(sql) && sql, ...values),
  })
  return [...statements].map((sql) => [
    sql,
    db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).map(({ detail }) => detail),
  ])
}
