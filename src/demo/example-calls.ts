/** Calls that anybody may try in the fictitious directory: who rings, and what they need. */
import type { CallForm } from './call-form.ts'

export type ExampleCall = { readonly text: string; readonly form: Partial<CallForm> }

export const EXAMPLE_CALLS: readonly ExampleCall[] = [
  {
    text: 'Sore throat, woman of 34',
    form: { symptom: '9001-7001', need: '8006', age: '34', gender: 'F' },
  },
  {
    text: 'Repeat prescription, man of 71, runs out today',
    form: { symptom: '9005-7041', need: '8008', age: '71', gender: 'M' },
  },
  {
    text: 'Emergency contraception, woman of 22',
    form: { symptom: '9004-7031', need: '8007', age: '22', gender: 'F' },
  },
  { text: 'Toothache, man of 45', form: { symptom: '9006-7051', need: '8009', age: '45', gender: 'M' } },
  { text: 'Earache, child of 6', form: { symptom: '9002-7011', need: '8005', age: '6', gender: 'F' } },
  { text: 'Chest pain now, man of 58', form: { symptom: '9007-7061', need: '8001', age: '58', gender: 'M' } },
]
