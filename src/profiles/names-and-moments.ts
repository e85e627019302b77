/** How pages name people and instants, for the features beside this one. */
export { formatDayOf, formatMoment, formatMomentIn, loadNames } from './pages/time-words.ts'
