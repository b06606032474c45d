import type { Check } from './check.ts'

/** Endpoints, what they are to be told, and the line they stand in for it. */
export const webhookChecks: readonly Check[] = [
  {
    name: 'delivery_has_its_webhook',
    sentence: 'A delivery is for a webhook that is there.',
    sql: `SELECT d.delivery_id, d.webhook_id FROM webhook_deliveries d
          LEFT JOIN webhooks w ON w.project_id = d.project_id AND w.webhook_id = d.webhook_id WHERE w.webhook_id IS NULL`,
  },
  {
    name: 'webhook_hears_its_run',
    sentence: 'The webhook of a run is told of no other run, and a run has one at most.',
    sql: `SELECT d.delivery_id, d.webhook_id, d.run_id FROM webhooks w
          JOIN webhook_deliveries d ON d.project_id = w.project_id AND d.webhook_id = w.webhook_id
          WHERE w.run_id IS NOT NULL AND d.run_id <> w.run_id
          UNION ALL SELECT NULL, min(webhook_id), run_id FROM webhooks WHERE run_id IS NOT NULL
          GROUP BY project_id, run_id HAVING count(*) > 1`,
  },
  {
    name: 'delivery_ended_once',
    sentence: 'A delivery that has ended is not to be made, and one that is pending has no end.',
    sql: `SELECT delivery_id, state FROM webhook_deliveries
          WHERE state NOT IN ('pending', 'delivered', 'dead') OR (state = 'pending') <> (ended_at IS NULL)
             OR (state <> 'pending' AND (due_at IS NOT NULL OR is_claimed = 1))`,
  },
  {
    name: 'deliveries_keep_order',
    sentence: 'Of the pending deliveries of a run to one webhook exactly one is due.',
    sql: `SELECT webhook_id, run_id FROM webhook_deliveries WHERE state = 'pending' AND run_id IS NOT NULL
          GROUP BY project_id, webhook_id, run_id
          HAVING sum(due_at IS NOT NULL) = 0 OR sum(due_at IS NOT NULL AND is_claimed = 0) > 1`,
  },
  {
    name: 'webhook_with_work_is_in_line',
    sentence:
      'An enabled webhook stands in line when something is to be delivered to it, a disabled one never.',
    sql: `SELECT w.webhook_id, w.disabled_at FROM webhooks w
          LEFT JOIN webhook_queues q ON q.project_id = w.project_id AND q.webhook_id = w.webhook_id
          WHERE (w.disabled_at IS NOT NULL AND q.webhook_id IS NOT NULL)
             OR (w.disabled_at IS NULL AND q.webhook_id IS NULL AND EXISTS (
                  SELECT 1 FROM webhook_deliveries d
                  WHERE d.project_id = w.project_id AND d.webhook_id = w.webhook_id AND d.due_at IS NOT NULL))`,
  },
]
