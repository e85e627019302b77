/**
 * The types of DoS service: ids are the contract with every client, names are data that a catalogue may replace.
 *
 * Source: Directory of Services, service types (complete list).
 */

/** `administrative`: never the answer to a search. `retired`: not given to new services. */
export type TypeLifecycle = 'current' | 'administrative' | 'retired'

const NAMES: ReadonlyMap<number, string> = new Map([
  [-2, 'Local Templates'],
  [-1, 'DoS Region'],
  [4, 'Therapy'],
  [6, 'Commissioning Cluster'],
  [7, 'Mental Health'],
  [8, 'Social Care'],
  [11, 'Voluntary'],
  [12, 'Dental Practice'],
  [13, 'Pharmacy'],
  [14, 'Optical'],
  [17, 'Clinic'],
  [18, 'Health Visitor'],
  [19, 'Midwifery'],
  [20, 'Community Based'],
  [21, 'Retired'],
  [22, 'Commissioning Organisation'],
  [24, 'Care Home'],
  [25, 'Integrated Urgent Care (IUC) Treatment'],
  [27, 'Intermediate Care'],
  [28, 'Community Hospital'],
  [29, 'Sexual Health'],
  [38, 'Community/District Nursing'],
  [40, 'Emergency Department (ED) Catch-All'],
  [41, 'Hospital Acute Assessment Unit (AAU)'],
  [46, 'Urgent Care'],
  [47, 'Dental Emergency'],
  [48, 'Specialist'],
  [50, 'Palliative Care'],
  [100, 'GP Practice'],
  [105, 'Emergency Department (ED)'],
  [107, '(Capacity) Critical Care (CC)'],
  [108, '(Capacity) Paediatrics Intensive Care Unit (PICU)'],
  [109, '(Capacity) Burns (B)'],
  [110, '(Capacity) Maternity and Neonate (MN)'],
  [111, '(Capacity) Paediatrics (PDR)'],
  [112, 'Optical Enhanced'],
  [113, 'Health Information'],
  [114, '(Capacity) Acute Hospital'],
  [115, '(Capacity) Provider Escalation/RAG'],
  [120, 'Emergency Department (ED) Eye Casualty'],
  [121, 'Primary Percutaneous Coronary Intervention (PPCI)'],
  [122, 'Hyper-Acute Stroke Unit (HASU)'],
  [129, 'Safeguarding'],
  [130, 'Integrated Urgent Care (IUC) NHS 111 Call Handling Provider'],
  [131, 'Pharmacy Urgent Medicines Supply'],
  [132, 'Pharmacy Enhanced'],
  [133, 'Integrated Urgent Care (IUC) Clinical Assessment Service (CAS)'],
  [134, 'Pharmacy Distance Selling'],
  [135, 'Urgent Treatment Centre (UTC)'],
  [136, 'GP Access Hub'],
  [137, 'Integrated Urgent Care (IUC) Pharmacy Clinical Assessment'],
  [138, 'Emergency National Response'],
  [139, 'Integrated Urgent Care (IUC) Validation'],
  [140, 'Same Day Emergency Care (SDEC)'],
  [141, 'Hospital Streaming'],
  [142, 'Mental Health Crisis'],
  [143, 'Sexual Assault Referral Centre (SARC)'],
  [144, 'Integrated Urgent Care (IUC) Dental Clinical Assessment'],
  [145, 'Integrated Urgent Care (IUC) Paediatric Clinical Assessment'],
  [146, 'Urgent Community Response (UCR)'],
  [147, 'Covid Medicines Delivery Unit (CMDU)'],
  [148, 'Pharmacy Blood Pressure Check'],
  [149, 'Pharmacy Contraception'],
  [150, 'Urgent Treatment Centre (UTC) Co-Located with ED'],
  [151, 'Primary Care Network (PCN)'],
  [152, 'Primary Care Network (PCN) Enhanced Service'],
  [153, 'Maternity and Neonatal'],
  [154, 'Early Pregnancy Assessment Unit (EPAU)'],
  [155, 'Virtual Ward'],
  [156, 'Dental Urgent Care'],
  [157, 'Infection Hub'],
  [158, 'Ambulance Service Pathway'],
  [159, 'Primary Care Clinic'],
])

/** The type of GP practices: they are services, and patients belong to them. */
export const GP_PRACTICE = 100

const ADMINISTRATIVE: ReadonlySet<number> = new Set([-2, -1, 6, 22, 107, 108, 109, 110, 111, 114, 115])
const RETIRED: ReadonlySet<number> = new Set([21])

/** National services, of which one of a kind is enough. Source: Check Capacity Summary, results returned. */
const ONE_ONLY: ReadonlySet<number> = new Set([100, 130, 133, 137, 138, 139])

/** Ids of the complete list. A catalogue may name more: older ones that services still carry. */
export const LISTED_TYPES: readonly number[] = [...NAMES.keys()]

/** What the complete list calls a type; undefined when it is not in it. */
export const typeNameOf = (typeId: number): string | undefined => NAMES.get(typeId)

/** Names that people and older programs know types by. Source: recordings of the web services; Pharmacy First was CPCS. */
const OLDER_NAMES: ReadonlyMap<number, readonly string[]> = new Map([
  [13, ['Pharmacist']],
  [14, ['Optician']],
  [100, ['GP in hours']],
  [132, ['Pharmacy First', 'CPCS', 'CPCS+', 'CPCS++', 'Pharm+']],
  [137, ['Pharmacy Clinical Assessment Service (CAS)']],
])

/** What else a type is or was called, for people who know it by such a name; nothing for most. */
export const typeAliases = (typeId: number): readonly string[] => OLDER_NAMES.get(typeId) ?? []

/** A type's name with the others that people know it by: `Pharmacy Enhanced (also known as Pharmacy First, CPCS …)`. */
export function nameWithAliases(name: string, typeId: number): string {
  const others = typeAliases(typeId)
  return others.length === 0 ? name : `${name} (also known as ${others.join(', ')})`
}

/** Whether a type may be searched for. One that the list does not know is current: services carry it. */
export const lifecycleOf = (typeId: number): TypeLifecycle => {
  if (ADMINISTRATIVE.has(typeId)) return 'administrative'
  return RETIRED.has(typeId) ? 'retired' : 'current'
}

/** How many services of a type a search returns, where the catalogue does not say. Source: as `ONE_ONLY`. */
export const usualLimitOf = (typeId: number): number => (ONE_ONLY.has(typeId) ? 1 : 2)

/** The rank of a type that nobody ranks: after all others. Source: Check Capacity Summary, ranking strategies. */
export const LAST_RANK = 10
