/** NHS services that an ICB or council commissions in some places and not in others. */
import { service } from './offered-service-entry.ts'

/** Source: NHS website service codes; the names of the 2014 list for those whose codes are not known. */
export const localServices = [
  service('SRV0498', 'nhs-local', 'Emergency contraception (NHS)', {
    line: 'Free emergency contraception (the morning after pill).',
    ownHours: true,
    oldNames: [
      'Pharmacy NHS service: emergency hormonal contraception (EHC) service',
      'EHC',
      'Morning after pill',
      'Emergency contraception',
    ],
  }),
  service('SRV0267', 'nhs-local', 'Chlamydia screening and treatment (NHS)', {
    line: 'Free chlamydia tests and treatment.',
    who: 'Usually aged 15 to 24.',
    ownHours: true,
    oldNames: [
      'Chlamydia screening and treatment',
      'Pharmacy Service (NHS): Chlamydia screening and treatment',
      'Pharmacy chlamydia screening and treatment service',
    ],
  }),
  service('SRV0495', 'nhs-local', 'Free condoms', {
    line: 'Free condoms for people in a local condom scheme.',
    oldNames: ['Condom supply', 'Condom supply service', 'C-Card', 'Condom distribution'],
  }),
  service('SRV0258', 'nhs-local', 'Supervised consumption of medicines', {
    line: 'Supports people who take a prescribed medicine in the pharmacy each day.',
    ownHours: true,
    oldNames: [
      'Supervised consumption',
      'Pharmacy Service (NHS): Supervised consumption of medicines',
      'Pharmacy NHS service: supervised consumption of prescribed medicines service',
    ],
  }),
  service('SRV0274', 'nhs-local', 'Needle and syringe exchange', {
    line: 'Clean needles and syringes, and safe disposal of used ones.',
    ownHours: true,
    oldNames: [
      'Needle exchange',
      'Needle and syringe exchange services',
      'Pharmacy Service (NHS): Needle and syringe exchange',
      'Pharmacy NHS service: needle and syringe exchange service',
    ],
  }),
  service('SRV0198', 'nhs-local', 'Minor ailment service', {
    line: 'Advice and free medicines for common illnesses, for people who do not pay for prescriptions.',
    ownHours: true,
    oldNames: [
      'Minor Ailment Service (NHS)',
      'Pharmacy Service (NHS): Minor ailment service',
      'Pharmacy NHS service: minor ailments service',
      'Minor ailments',
      'MAS',
    ],
  }),
  service('SRV0507', 'nhs-local', 'Stop smoking vouchers', {
    line: 'Nicotine replacement in exchange for a voucher from a stop smoking service.',
    oldNames: [
      'Stop smoking voucher',
      'Stop smoking voucher service',
      'Pharmacy Service (NHS): Stop smoking voucher service',
      'Pharmacy NHS service: stop smoking service',
      'Stop smoking services',
    ],
  }),
  service('SRV0504', 'nhs-local', 'NHS Health Check', {
    line: 'A free check of your heart, blood pressure and risk of diabetes.',
    who: 'Aged 40 to 74 without certain health conditions, once every 5 years.',
    ownHours: true,
    bookingLink: true,
    oldNames: ['Pharmacy NHS service: NHS health check service'],
  }),
  service('SRV0509', 'nhs-local', 'Weight management (NHS)', {
    line: 'Support to lose weight and keep it off.',
    remotePossible: true,
    ownHours: true,
    bookingLink: true,
    oldNames: ['Pharmacy NHS service: weight management service (adults)', 'Weight management'],
  }),
  service('SRV0517', 'nhs-local', 'Type 2 diabetes screening (NHS)', {
    line: 'A check of your risk of type 2 diabetes.',
    ownHours: true,
    bookingLink: true,
    oldNames: ['Type 2 diabetes screening', 'Diabetes screening'],
  }),
  service('SRV0261', 'nhs-local', 'Medication review', {
    line: 'A talk with a pharmacist about all the medicines you take.',
    remotePossible: true,
    ownHours: true,
    bookingLink: true,
    oldNames: [
      'Pharmacy Service (NHS): Medication review service',
      'Pharmacy NHS service: medication review service',
      // The national review of medicines use ended in 2021; people who still ask for it mean this.
      'MUR',
      'SRV0197',
      'Medicines use review',
      'Medicines use review (MUR) service',
      'Pharmacy Service: Medicines use review (MUR) service',
      'Pharmacy NHS service: medicine use review (MUR) service',
    ],
  }),
  service('SRV0497', 'nhs-local', 'Home support with medicines', {
    line: 'Visits people at home to help with their medicines.',
    oldNames: ['Domiciliary support', 'Pharmacy Service (NHS): Domiciliary support service'],
  }),
  service('SRV0503', 'nhs-local', 'Inhaler technique (NHS)', {
    line: 'Shows you how to use your inhaler well.',
    remotePossible: true,
    ownHours: true,
    oldNames: ['Inhaler technique', 'Pharmacy Service (NHS): Inhaler technique service'],
  }),
  service('SRV0505', 'nhs-local', 'Support after leaving hospital', {
    line: 'Checks that your medicines are right after a hospital stay.',
    remotePossible: true,
    oldNames: ['Post-discharge support', 'Pharmacy Service (NHS): Post-discharge support'],
  }),
  service('SRV0508', 'nhs-local', 'Vaccination (NHS)', {
    line: 'NHS vaccinations other than flu and COVID-19.',
    who: 'People the NHS invites.',
    ownHours: true,
    bookingLink: true,
    oldNames: ['Vaccination', 'Pharmacy Service (NHS): Vaccination service', 'Injection and vaccination services'],
  }),
  service('SRV0527', 'nhs-local', 'Public health', {
    line: 'Advice on healthy living, with campaigns through the year.',
    remotePossible: true,
    oldNames: ['Pharmacy Service: Public Health', 'Healthy living', 'Healthy living pharmacy'],
  }),
  service('OWN-CARE-HOMES', 'nhs-local', 'Care home support', {
    line: 'Supports care homes with their residents’ medicines.',
    remotePossible: true,
    oldNames: ['Care homes', 'Pharmacy NHS service: care home service'],
    provisionalCode: true,
  }),
  service('OWN-COMPLIANCE-SUPPORT', 'nhs-local', 'Help with taking medicines', {
    line: 'Finds out what makes it hard to take your medicines and helps, for example with large print or easy-open tops.',
    ownHours: true,
    oldNames: [
      'Medicines assessment and compliance support',
      'Pharmacy NHS service: medicines assessment and compliance support service',
    ],
    provisionalCode: true,
  }),
  service('OWN-PATIENT-GROUP-DIRECTIONS', 'nhs-local', 'Medicines without a prescription, by local agreement', {
    line: 'Supplies some prescription-only medicines without a prescription where local rules allow it.',
    remotePossible: true,
    ownHours: true,
    oldNames: [
      'PGD',
      'PGD supply',
      'Patient group direction',
      'Pharmacy NHS service: supply of medicines through a patient group direction (PGD) service',
    ],
    provisionalCode: true,
  }),
  service('OWN-ALCOHOL-INTERVENTION', 'nhs-local', 'Alcohol advice', {
    line: 'Advice about how much you drink, and where to get help.',
    remotePossible: true,
    ownHours: true,
    oldNames: ['Alcohol intervention', 'Pharmacy NHS service: alcohol intervention service'],
    provisionalCode: true,
  }),
  service('OWN-ANTICOAGULATION', 'nhs-local', 'Anticoagulation monitoring', {
    line: 'Blood tests and doses for people who take warfarin or a similar medicine.',
    ownHours: true,
    bookingLink: true,
    oldNames: ['Anticoagulation', 'Anticoagulant monitoring', 'Warfarin clinic', 'INR clinic'],
    provisionalCode: true,
  }),
  service('OWN-PRESCRIBING', 'nhs-local', 'Pharmacist prescribing (NHS)', {
    line: 'A pharmacist here can prescribe medicines for some conditions.',
    remotePossible: true,
    ownHours: true,
    bookingLink: true,
    oldNames: [
      'Independent prescribing',
      'Supplementary prescribing',
      'Pharmacy NHS service: supplementary prescribing by pharmacists',
      'Pharmacy NHS service: independent prescribing by pharmacists',
      'Prescribing services',
    ],
    provisionalCode: true,
  }),
  service('OWN-SHARPS-AND-WASTE', 'nhs-local', 'Sharps and medicines disposal', {
    line: 'Takes back full sharps boxes.',
    oldNames: ['Sharps and waste', 'Sharps disposal', 'Waste management', 'Sharps bin collection'],
    provisionalCode: true,
  }),
]
