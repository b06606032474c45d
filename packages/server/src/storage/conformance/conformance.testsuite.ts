/** What every storage engine has to do. An engine's test calls this and nothing else. */
import type { EngineUnderTest } from '../../testing/storage-scene.ts'
import { describeAcceptingConformance, describeRunListConformance } from './accepting.testsuite.ts'
import { describeAccountsConformance } from './accounts.testsuite.ts'
import { describeAgentsConformance } from './agents.testsuite.ts'
import { describeAsOfConformance } from './as-of.testsuite.ts'
import { describeAttemptsConformance } from './attempts.testsuite.ts'
import { describeBuffersConformance } from './buffers.testsuite.ts'
import { describeClaimingConformance } from './claiming.testsuite.ts'
import { describeCommitConformance } from './commit.testsuite.ts'
import { describeCreditsConformance } from './credits.testsuite.ts'
import { describeDoctorConformance } from './doctor.testsuite.ts'
import { describeErasureConformance } from './erasure.testsuite.ts'
import { describeEventsConformance } from './events.testsuite.ts'
import { describeGroupsConformance } from './groups.testsuite.ts'
import { describeIndexConformance } from './index.testsuite.ts'
import { describeMemoriesConformance } from './memories.testsuite.ts'
import { describeModelConformance } from './model.testsuite.ts'
import { describeRemovalConformance } from './removal.testsuite.ts'
import { describeRetentionConformance } from './retention.testsuite.ts'
import { describeSteeringConformance } from './steering.testsuite.ts'
import { describeTransferConformance } from './transfer.testsuite.ts'
import { describeUsageConformance } from './usage.testsuite.ts'
import { describeVersionsConformance } from './versions.testsuite.ts'
import { describeWebhooksConformance } from './webhooks.testsuite.ts'

export const describeConformance = (engine: EngineUnderTest): void => {
  describeAccountsConformance(engine)
  describeGroupsConformance(engine)
  describeAcceptingConformance(engine)
  describeRunListConformance(engine)
  describeClaimingConformance(engine)
  describeAttemptsConformance(engine)
  describeCommitConformance(engine)
  describeBuffersConformance(engine)
  describeEventsConformance(engine)
  describeMemoriesConformance(engine)
  describeIndexConformance(engine)
  describeVersionsConformance(engine)
  describeAsOfConformance(engine)
  describeDoctorConformance(engine)
  describeErasureConformance(engine)
  describeTransferConformance(engine)
  describeUsageConformance(engine)
  describeSteeringConformance(engine)
  describeRetentionConformance(engine)
  describeRemovalConformance(engine)
  describeModelConformance(engine)
  describeWebhooksConformance(engine)
  describeAgentsConformance(engine)
  describeCreditsConformance(engine)
}
