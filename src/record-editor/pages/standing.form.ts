/** The sections that say where a service stands: its status, and the service above it. No I/O. */

import { SERVICE_STATUSES } from '#src/directory/service-record.ts'
import { lineIn, rawIn } from '#src/platform/http/form-fields.ts'
import { accepted, refused } from '#src/rules/problems.ts'
import { type LifeStage, nextStages, stageMeaning, stageName } from '#src/rules/service-lifecycle.ts'
import { fieldOf } from '../service-edit.ts'
import { problem, type Section } from './section.ts'

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

export const STATUS_SECTION: Section = {
  key: 'status',
  title: 'Status',
  intro: 'It counts from the moment it is published. You say why before you send it.',
  fields: ['status'],
  boxes: {},
  fill: ({ shown }) => ({ status: shown.status }),
  inputs: (_fields, { now, isNew }) => {
    const stages: readonly string[] = isNew ? nextStages('DRAFT') : [now.status, ...nextStages(now.status)]
    const items = stages.map((stage) => ({
      value: stage,
      text: `${capital(stageName(stage))}${stage === now.status && !isNew ? ' (as it is now)' : ''}`,
      hint: stageMeaning(stage as LifeStage),
    }))
    return [{ kind: 'radios', name: 'status', label: 'What is its status?', items }]
  },
  parse(fields) {
    const status = SERVICE_STATUSES.find((each) => each === rawIn(fields, 'status'))
    return status ? accepted({ status }) : refused(problem('status', 'missing', 'Choose a status'))
  },
}

export const PARENT_SECTION: Section = {
  key: 'parent',
  title: 'Service above this one',
  intro: 'Permissions and regions are inherited from it.',
  fields: ['parentUid'],
  boxes: { parentUid: 'parent' },
  fill: ({ shown }) => ({ parent: String(fieldOf(shown, 'parentUid') ?? '') }),
  inputs: () => [
    {
      kind: 'line',
      name: 'parent',
      label: 'Number of the service above (optional)',
      hint: 'Its uid, like 2000099999',
      width: '10',
    },
  ],
  parse(fields) {
    const typed = lineIn(fields, 'parent')
    if (typed === '') return accepted({ parentUid: null })
    if (!/^[1-9]\d{0,9}$/.test(typed))
      return refused(problem('parent', 'invalid', 'Enter the number of a service, like 2000099999'))
    return accepted({ parentUid: Number(typed) })
  },
}
