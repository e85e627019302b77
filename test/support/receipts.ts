/** Receipts for tests that decide something without the app around them. */
import { readConfig } from '#src/config.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { type IssueReceipts, receiptIssuerFor } from '#src/verification/issue-receipts.ts'
import { signingKey } from '#src/verification/receipt-key.ts'

/** Issues receipts as a trial installation does. */
export const issueReceipts: IssueReceipts = receiptIssuerFor(readConfig({}), () => holidayCalendar([]))

/** The key that it signs with. */
export const testKey = signingKey(readConfig({}))
