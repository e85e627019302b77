/** Services that people pay the pharmacy for. */
import { service } from './offered-service-entry.ts'

/** Source: NHS website service codes ("paid-for"). */
export const paidServices = [
  service('SRV0514', 'paid', 'Flu vaccination (paid for)', {
    line: 'A flu vaccination for people who do not get one free.',
    who: 'People who are not in a group the NHS invites.',
    ownHours: true,
    bookingLink: true,
    seasonal: true,
    oldNames: [
      'Flu, not at risk',
      'Seasonal flu vaccination service: not at-risk groups (paid-for)',
      'Pharmacy Service (Non-NHS): Seasonal flu vaccination service (not at risk groups)',
      'Pharmacy non-NHS service: seasonal influenza vaccination service',
      'Private flu jab',
    ],
  }),
  service('SRV0513', 'paid', 'Pregnancy testing (paid for)', {
    line: 'A pregnancy test done in the pharmacy.',
    oldNames: ['Pregnancy testing', 'Pregnancy testing (paid-for)', 'Pregnancy testing services'],
  }),
  service('SRV0530', 'paid', 'Emergency contraception (paid for)', {
    line: 'Emergency contraception (the morning after pill) that you buy.',
    who: 'Usually aged 16 and over.',
    remotePossible: true,
    oldNames: ['Emergency contraception (paid-for)'],
  }),
  service('SRV0531', 'paid', 'Chlamydia testing and treatment (paid for)', {
    line: 'Chlamydia tests and treatment that you buy.',
    remotePossible: true,
    oldNames: ['Chlamydia (paid-for)', 'Pharmacy Service (Non-NHS): Chlamydia screening and treatment'],
  }),
  service('SRV0515', 'paid', 'Stop smoking (paid for)', {
    line: 'Advice and products to help you stop smoking.',
    remotePossible: true,
    ownHours: true,
    bookingLink: true,
    oldNames: ['Stop smoking service (paid-for)', 'Pharmacy Service (Non-NHS): Stop smoking service'],
  }),
  service('SRV0516', 'paid', 'Travel clinic (paid for)', {
    line: 'Advice, vaccinations and medicines before you travel.',
    ownHours: true,
    bookingLink: true,
    oldNames: ['Travel clinic', 'Travel health', 'Travel vaccinations'],
  }),
  service('SRV0518', 'paid', 'Vaccination (paid for)', {
    line: 'Vaccinations that the NHS does not give you free.',
    ownHours: true,
    bookingLink: true,
    oldNames: ['Vaccination (paid-for)', 'Pharmacy Service (Non-NHS): Vaccination service', 'Private vaccination'],
  }),
  service('SRV0510', 'paid', 'Blood pressure monitoring (paid for)', {
    line: 'A blood pressure measurement that you pay for.',
    ownHours: true,
    bookingLink: true,
    oldNames: ['Blood pressure monitoring', 'Pharmacy Service (Non-NHS): Blood pressure monitoring'],
  }),
  service('SRV0512', 'paid', 'Inhaler technique (paid for)', {
    line: 'Shows you how to use your inhaler well, for a fee.',
    remotePossible: true,
    ownHours: true,
    oldNames: ['Inhaler technique (paid-for)', 'Pharmacy Service (Non-NHS): Inhaler technique service'],
  }),
  service('SRV0529', 'paid', 'Health check (paid for)', {
    line: 'Checks such as cholesterol, blood sugar and weight.',
    ownHours: true,
    bookingLink: true,
    oldNames: ['Health Check (paid-for)', 'Pharmacy Service (Non-NHS): Healthcheck', 'Health check services'],
  }),
  service('SRV0271', 'paid', 'Weight management (paid for)', {
    line: 'Support to lose weight, and medicines where a prescriber agrees.',
    remotePossible: true,
    ownHours: true,
    bookingLink: true,
    oldNames: ['Weight management (paid-for)', 'Pharmacy Service (Non-NHS): Weight management', 'Weight loss services'],
  }),
]
