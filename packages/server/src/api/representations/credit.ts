import { type Static, Type } from 'typebox'
import { type CreditAccount, type CreditTransaction, transactionKinds } from '../../agents/credits.ts'
import { toIso } from '../../kernel/clock.ts'
import { NAME_LENGTH_MAX, RATE_COUNT_MAX, TOKEN_COUNT_MAX } from '../../kernel/limits.ts'
import { NullableString } from './schema.ts'

/** A decimal, as text: so that nothing on the way makes a binary fraction of it. */
export const Amount = (description: string) =>
  Type.String({
    pattern: '^\\d{1,15}(\\.\\d{1,6})?$',
    maxLength: 22,
    description: `${description} A decimal, as text.`,
  })

const AmountInWords = NullableString('A decimal, as text.')

const Rate = Type.Object(
  { input: Amount('For 1,000 tokens.'), output: Amount('For 1,000 tokens.') },
  { additionalProperties: false },
)

export const Rates = Type.Object(
  {
    models: Type.Record(Type.String(), Rate, {
      maxProperties: RATE_COUNT_MAX,
      propertyNames: { minLength: 1, maxLength: NAME_LENGTH_MAX },
      description: 'By the name of the model; `*` is for all others.',
    }),
    action: Amount('For each action.'),
  },
  { additionalProperties: false },
)

const NullableCount = Type.Unsafe<number | null>({
  type: ['integer', 'null'],
  minimum: 0,
  maximum: TOKEN_COUNT_MAX,
})

export const Caps = Type.Object(
  {
    tokens: Type.Optional(NullableCount),
    actions: Type.Optional(NullableCount),
    credits: Type.Optional(
      Type.Unsafe<string | null>({ ...Amount('Null: no cap.'), type: ['string', 'null'] }),
    ),
  },
  { additionalProperties: false, description: 'Of one calendar month, UTC; absent or null: no cap.' },
)

export const CreditRepresentation = Type.Object({
  rates: Rates,
  caps: Type.Object({ tokens: NullableCount, actions: NullableCount, credits: AmountInWords }),
  balance: NullableString('What is left, a decimal; null: nothing is counted down.'),
  used: Type.Object(
    { tokens: Type.Integer(), actions: Type.Integer(), credits: Type.String() },
    { description: 'In the current month, UTC.' },
  ),
})

export const toCreditRepresentation = ({
  rates,
  caps,
  balance,
  used,
}: CreditAccount): Static<typeof CreditRepresentation> => ({
  rates: { models: { ...rates.models }, action: rates.action },
  caps: { ...caps },
  balance,
  used: { ...used },
})

export const CreditTransactionRepresentation = Type.Object({
  seq: Type.Integer({ description: 'Order within the project.' }),
  kind: Type.Unsafe<CreditTransaction['kind']>({
    type: 'string',
    enum: [...transactionKinds],
    description: '`carried`: earlier ones are not kept any more; its amount is the balance that they left.',
  }),
  run_id: NullableString('Of a charge.'),
  step: NullableString('Of a charge.'),
  model: NullableString('That was asked.'),
  tokens: Type.Integer(),
  actions: Type.Integer(),
  amount: Type.String({ description: 'What the balance moved by: negative for a charge.' }),
  balance_before: AmountInWords,
  balance_after: AmountInWords,
  at: Type.String(),
})

export const toCreditTransactionRepresentation = (
  one: CreditTransaction,
): Static<typeof CreditTransactionRepresentation> => ({
  seq: one.seq,
  kind: one.kind,
  run_id: one.runId,
  step: one.step,
  model: one.model,
  tokens: one.tokens,
  actions: one.actions,
  amount: one.amount,
  balance_before: one.balanceBefore,
  balance_after: one.balanceAfter,
  at: toIso(one.at),
})
